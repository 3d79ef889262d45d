package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"power_exporter/bench/fleet/large"
	"power_exporter/exposition"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What is compared does the same.
func TestAllWriteTheSame(t *testing.T) {
	t.Parallel()
	model, err := large.SynLink(48)
	if err != nil {
		t.Fatal(err)
	}
	devices, err := decoded(model)
	if err != nil {
		t.Fatal(err)
	}
	naive, err := newDescs(devices)
	if err != nil {
		t.Fatal(err)
	}
	text := func(h http.Handler) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/probe", nil))
		return w.Body.String()
	}
	want := text(exporterText(devices))
	if n := strings.Count(want, "\npower_outlet_current_amperes{"); n != 48 {
		t.Errorf("%d outlets have a current", n)
	}
	for name, c := range map[string]prometheus.Collector{"families": exposition.NewCollector(devices), "samples": naive} {
		if diff := cmp.Diff(want, text(libraryText(c))); diff != "" {
			t.Errorf("a Desc for each of its %s writes otherwise (-exporter):\n%s", name, diff)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	report{
		title: "Things.", columns: []string{"n", "ms"}, rows: [][]string{{count(7), "1"}, {count(1234567), "2"}, {count(100), "3"}},
		budgets: []budget{{"memory", 85.27, 100, "MB"}, {"time", 100.5, 100, "ms"}},
	}.write(&got)
	const want = `
Things.

| n | ms |
|---:|---:|
| 7 | 1 |
| 1,234,567 | 2 |
| 100 | 3 |

- memory: 85.27 MB of at most 100, kept
- time: 100.5 ms of at most 100, exceeded
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	l := load{cpu: 50 * time.Millisecond}
	for i := range 100 {
		l.latencies = append(l.latencies, time.Duration(i+1)*time.Millisecond)
	}
	for q, want := range map[float64]int64{0: 1, 0.5: 51, 0.99: 100, 1: 100} {
		if got := l.quantile(q).Milliseconds(); got != want {
			t.Errorf("quantile %v is %d ms, want %d ms", q, got, want)
		}
	}
	if got := each(l); got != 0.5 {
		t.Errorf("each request took %v ms, want 0.5", got)
	}
}

// Every target has an address of its own.
func TestTargets(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for line := range strings.Lines(targets(10_000, 3493)) {
		if _, address, ok := strings.Cut(line, "address: '"); ok {
			address, _, _ = strings.Cut(address, "'")
			seen[address] = true
		}
	}
	if len(seen) != 10_000 || !seen["127.1.39.250:3493"] {
		t.Errorf("10,000 targets have %d addresses", len(seen))
	}
}

func TestProcessorTime(t *testing.T) {
	t.Parallel()
	if _, err := cpuOf("self"); err != nil {
		t.Error(err)
	}
	if _, err := cpuOf("none"); err == nil {
		t.Error("a process that there is not has taken time")
	}
	if diff := cmp.Diff([]int{10, 100, 1_000}, sizes(9_999)); diff != "" {
		t.Error(diff)
	}
}
