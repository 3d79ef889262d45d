package exposition

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
)

// A registry mends labels out of order, at the cost of a copy for each sample.
func TestLabelsAreSorted(t *testing.T) {
	f := newGauge("power_test", "Test.", labelNames{"device", "outlet", "a", "name"})
	point := labelValues{"pdu", "3", "first", "NAS"}
	if diff := cmp.Diff([]string{"a=first", "device=pdu", "name=NAS", "outlet=3"}, words(f, point)); diff != "" {
		t.Errorf("difference from the wanted labels (-) to those it has (+):\n%s", diff)
	}
	limited := newLimits("power_test_limit", "Test.", f.labels)
	for _, threshold := range thresholds {
		with := words(limited, point.limited(threshold.limit))
		want := []string{"a=first", "device=pdu", "limit=" + threshold.limit, "name=NAS", "outlet=3"}
		if diff := cmp.Diff(want, with); diff != "" {
			t.Errorf("difference from the wanted labels of a limit (-) to those it has (+):\n%s", diff)
		}
	}
	if diff := cmp.Diff(labelValues{"pdu", "3", "first", "NAS"}, point); diff != "" {
		t.Errorf("adding a limit changed the labels of the point:\n%s", diff)
	}
	if got := words(newGauge("power_none", "Test.", nil), nil); len(got) != 0 {
		t.Errorf("no labels are %q", got)
	}
}

// The samples of a point share their labels, and no others do.
func TestLabelsAreShared(t *testing.T) {
	f := newGauge("power_test", "Test.", labelNames{"device", "outlet"})
	metrics := make(chan prometheus.Metric, 3)
	out := &channel{metrics: metrics}
	first := labelValues{"pdu", "1"}
	for _, labels := range []labelValues{first, first, {"pdu", "1"}} {
		out.add(f, sample{labels, 1})
	}
	a, b, c := (<-metrics).(*metric), (<-metrics).(*metric), (<-metrics).(*metric)
	if a.labels[0] != b.labels[0] || a.labels[0] == c.labels[0] {
		t.Errorf("of three samples, two of one point, the labels are %p, %p and %p", a.labels[0], b.labels[0], c.labels[0])
	}
}

// words is the labels of a sample as name=value.
func words(f *family, values labelValues) []string {
	var all []string
	for _, p := range f.pairs(values) {
		all = append(all, p.GetName()+"="+p.GetValue())
	}
	return all
}
