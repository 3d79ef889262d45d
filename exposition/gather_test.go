package exposition

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"power_exporter/power"
)

// checked is [collector] with the families declared, so that a pedantic
// registry holds each sample against its Desc.
type checked struct{ collector }

func (checked) Describe(ch chan<- *prometheus.Desc) {
	for _, s := range sections() {
		if s.title == "Probe" || s.title == "Exporter" {
			continue
		}
		for _, f := range s.families {
			ch <- f.desc
		}
	}
}

// gather is what a scrape of c gets.
func gather(tb testing.TB, c prometheus.Collector) []*dto.MetricFamily {
	tb.Helper()
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(c); err != nil {
		tb.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	return families
}

// gatherDevices is what a scrape of devices gets.
func gatherDevices(tb testing.TB, devices ...power.Device) []*dto.MetricFamily {
	tb.Helper()
	return gather(tb, checked{devices})
}

// text is the families in the text format.
func text(t *testing.T, families []*dto.MetricFamily) string {
	t.Helper()
	var b strings.Builder
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// number is the reading of a metric that is no histogram.
func number(m *dto.Metric) float64 {
	if m.Counter != nil {
		return m.Counter.GetValue()
	}
	return m.Gauge.GetValue()
}
