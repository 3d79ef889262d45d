// Package golden compares what a test got with a file that holds what is
// right. "go test -update" (or "make golden") rewrites the files; whoever runs
// it reads the difference.
package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Text compares a text with the file.
func Text(tb testing.TB, file, got string) {
	tb.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			tb.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file) //nolint:gosec // the file is the test's own
	if err != nil {
		tb.Fatalf("%v; \"make golden\" writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		tb.Errorf("differs from %s (-want +got); if the new text is right, \"make golden\" accepts it:\n%s", file, diff)
	}
}

// Metrics gathers the collectors as strictly as client_golang can, checks the
// result with Prometheus' linter, and compares its text form with the file.
func Metrics(tb testing.TB, file string, collectors ...prometheus.Collector) {
	tb.Helper()
	Text(tb, file, Gather(tb, collectors...))
}

// Gather returns the text form of what the collectors export.
func Gather(tb testing.TB, collectors ...prometheus.Collector) string {
	tb.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(collectors...)
	families, err := registry.Gather()
	if err != nil {
		tb.Fatalf("gathering: %v", err)
	}
	problems, err := promlint.NewWithMetricFamilies(families).Lint()
	if err != nil {
		tb.Fatalf("linting: %v", err)
	}
	for _, p := range problems {
		tb.Errorf("promlint: %s: %s", p.Metric, p.Text)
	}
	var text bytes.Buffer
	encoder := expfmt.NewEncoder(&text, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			tb.Fatalf("encoding %s: %v", family.GetName(), err)
		}
	}
	return text.String()
}
