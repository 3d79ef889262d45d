package probe

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"text/tabwriter"
	"time"

	"gopkg.in/yaml.v3"
)

// debug answers a probe for a person.
func (p *Prober) debug(ctx context.Context, w http.ResponseWriter, query url.Values, timeout time.Duration) {
	var page bytes.Buffer
	if _, err := p.Explain(ctx, &page, query, timeout); err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(page.Bytes())
}

// Explain makes a probe as [Prober.Probe] does, and writes for a person what
// was asked, what came back, how long each step took, what was logged on the
// way, and the metrics that Prometheus would have got. Secrets are in none of it:
// the configuration hides its own, and collectors keep them out of requests,
// errors and the log.
func (p *Prober) Explain(ctx context.Context, w io.Writer, query url.Values, timeout time.Duration) (Report, error) {
	var log buffer
	logger := slog.New(slog.NewMultiHandler(
		p.logger.Handler(),
		slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}),
	))
	report, err := p.Probe(ctx, query, timeout, logger)
	if err != nil {
		return report, err
	}
	module, err := yaml.Marshal(report.Target.Module)
	if err != nil {
		return report, err
	}
	report.summary(w)
	if report.isPushed() {
		fmt.Fprintf(w, "\nMetrics:\n")
		return report, report.WriteMetrics(w)
	}
	fmt.Fprintf(w, "\nRequests:\n")
	report.requests(w)
	fmt.Fprintf(w, "\nLog:\n%s", indent(log.String()))
	fmt.Fprintf(w, "\nModule %s:\n%s", report.Target.ModuleName, indent(string(module)))
	fmt.Fprintf(w, "\nMetrics:\n")
	return report, report.WriteMetrics(w)
}

// summary writes the outcome in a few lines.
func (r *Report) summary(w io.Writer) {
	outcome := "succeeded"
	if r.Err != nil {
		outcome = "failed"
	}
	fmt.Fprintf(w, "Probe of %s %s in %s", targetName(r.Target), outcome, r.Took.Round(time.Microsecond))
	if r.Timeout > 0 {
		fmt.Fprintf(w, " of the %s it had", r.Timeout)
	}
	fmt.Fprintln(w, ".")
	if r.isPushed() {
		fmt.Fprintln(w, "It is of a device that pushes, of which nothing was asked: the metrics are those of its last push.")
		r.outcome(w)
		return
	}
	fmt.Fprintf(w, "Address %s, module %s", r.Target.Address, r.Target.ModuleName)
	if r.Target.AuthName != "" {
		fmt.Fprintf(w, ", auth %s", r.Target.AuthName)
	}
	fmt.Fprintln(w, ".")
	if r.Reading.Cached {
		fmt.Fprintf(w, "The reading was made for another probe, %s ago; its requests are below, its log is not.\n", r.Age.Round(time.Millisecond))
	}
	r.outcome(w)
}

// outcome writes what failed, and what was read.
func (r *Report) outcome(w io.Writer) {
	if r.Err != nil {
		fmt.Fprintf(w, "\nErrors:\n%s", indent(r.Err.Error()))
	}
	up := 0
	for i := range r.Devices {
		if r.Devices[i].Up {
			up++
		}
	}
	fmt.Fprintf(w, "\nDevices: %d, of which %d are up.\n", len(r.Devices), up)
	for _, mended := range r.Reading.Mended {
		fmt.Fprintf(w, "  %v\n", mended)
	}
}

// requests writes a table of what was asked of the target.
func (r *Report) requests(w io.Writer) {
	if len(r.Reading.Requests) == 0 {
		if s := Summarize(r.Devices); s.Streamed {
			fmt.Fprintln(w, "  none: the readings came by the stream")
		} else {
			fmt.Fprintln(w, "  none")
		}
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, request := range r.Reading.Requests {
		outcome := "ok"
		if request.Err != nil {
			outcome = request.Err.Error()
		}
		fmt.Fprintf(table, "  %s\t%s\t%d bytes\t%s\n", request.Name, request.Duration.Round(time.Microsecond), request.Bytes, outcome)
	}
	_ = table.Flush()
}

// indent puts each line of a text a step to the right.
func indent(text string) string {
	var b bytes.Buffer
	for line := range bytes.Lines([]byte(text)) {
		b.WriteString("  ")
		b.Write(bytes.TrimRight(line, "\n"))
		b.WriteByte('\n')
	}
	return b.String()
}

// buffer is a bytes.Buffer into which a reading may still write while its text
// is being read.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// String is what was written so far.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
