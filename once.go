package main

import (
	"context"
	"io"
	"log/slog"
	"net/url"

	"power_exporter/probe"
)

// once makes one probe and writes its metrics, or all there is to know about it
// if explain is set. It says whether the probe succeeded; an error is a request
// that is wrong.
func once(ctx context.Context, prober *probe.Prober, query url.Values, explain bool, logger *slog.Logger, w io.Writer) (success bool, err error) {
	if explain {
		report, err := prober.Explain(ctx, w, query, 0)
		return err == nil && report.Err == nil, err
	}
	report, err := prober.Probe(ctx, query, 0, logger)
	if err != nil {
		return false, err
	}
	return report.Err == nil, report.WriteMetrics(w)
}
