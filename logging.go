package main

import (
	"io"
	"log/slog"

	"github.com/go-kit/log"
	sloggokit "github.com/tjhop/slog-gokit"
)

// newLogger is a logger that writes lines of logfmt or JSON through go-kit/log,
// which leaves level, time and caller to the bridge.
func newLogger(w io.Writer, level slog.Level, format string) *slog.Logger {
	w = log.NewSyncWriter(w)
	lines := log.NewLogfmtLogger(w)
	if format == "json" {
		lines = log.NewJSONLogger(w)
	}
	return slog.New(sloggokit.NewGoKitHandler(lines, level))
}
