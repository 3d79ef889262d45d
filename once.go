package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"

	"github.com/prometheus/common/expfmt"

	"power_exporter/probe"
)

// once makes one probe and writes its metrics, or all there is to know about it
// if debug is set. It says whether the probe succeeded; an error is a request
// that is wrong.
func once(ctx context.Context, prober *probe.Prober, query url.Values, logger *slog.Logger, w io.Writer) (success bool, err error) {
	debug, err := strconv.ParseBool(query.Get("debug"))
	if err != nil {
		return false, fmt.Errorf("debug: %w", err)
	}
	var lines bytes.Buffer
	if debug {
		logger = slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	report, err := prober.Probe(ctx, query, 0, logger)
	if err != nil {
		return false, err
	}
	if debug {
		return report.Err == nil, report.Explain(w, lines.String())
	}
	registry, err := report.Metrics()
	if err != nil {
		return false, err
	}
	families, err := registry.Gather()
	if err != nil {
		return false, err
	}
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(w, family); err != nil {
			return false, err
		}
	}
	return report.Err == nil, nil
}
