package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"regexp"

	"power_exporter/config"
	"power_exporter/probe"
)

// once makes one probe and writes its metrics, or all there is to know about it
// if explain is set. It says whether the probe succeeded. A request that is wrong
// is explained on standard error to whoever wrote the command line.
func once(ctx context.Context, prober *probe.Prober, query url.Values, explain bool, logger *slog.Logger, w io.Writer) (success bool, err error) {
	var report probe.Report
	if explain {
		report, err = prober.Explain(ctx, w, query, 0)
	} else if report, err = prober.Probe(ctx, query, 0, logger); err == nil {
		err = report.WriteMetrics(w)
	}
	if wrong, ok := errors.AsType[*config.RequestError](err); ok {
		fmt.Fprintln(os.Stderr, "power_exporter: the probe was not made:", inFlags(wrong.Message))
		return false, nil
	}
	return err == nil && report.Err == nil, err
}

// calm is a handler to which what is not at least a warning is for debugging: what
// one probe is asked for should not be hidden in what is always said.
type calm struct{ slog.Handler }

// Enabled implements [slog.Handler].
func (c calm) Enabled(ctx context.Context, level slog.Level) bool {
	return c.Handler.Enabled(ctx, calmed(level))
}

// Handle implements [slog.Handler].
func (c calm) Handle(ctx context.Context, r slog.Record) error {
	r.Level = calmed(r.Level)
	return c.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (c calm) WithAttrs(attrs []slog.Attr) slog.Handler { return calm{c.Handler.WithAttrs(attrs)} }

// WithGroup implements [slog.Handler].
func (c calm) WithGroup(name string) slog.Handler { return calm{c.Handler.WithGroup(name)} }

// calmed is the level at which a calm handler says something.
func calmed(level slog.Level) slog.Level {
	if level < slog.LevelWarn {
		return slog.LevelDebug
	}
	return level
}

// inURL is how a sentence about a request speaks of parameters. What is in quotes
// is somebody's own, and comes first so that nothing in it is found.
var inURL = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\bparameter ([a-z_]+)\b|\b(target|module|auth)=`)

// inFlags is a sentence about a request that speaks of the flags that make it.
func inFlags(sentence string) string {
	return inURL.ReplaceAllStringFunc(sentence, func(found string) string {
		names := inURL.FindStringSubmatch(found)
		switch parameter, assigned := names[1], names[2]; {
		case assigned != "":
			return "--" + assigned + "="
		case parameter == "target", parameter == "module", parameter == "auth":
			return "--" + parameter
		case parameter != "":
			return "--param=" + parameter
		}
		return found
	})
}
