package exposition

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
)

// A registry mends labels out of order, at the cost of a copy for each sample.
func TestLabelsAreSorted(t *testing.T) {
	point := labelNames{"device", "outlet", "a", "name"}.with("pdu", "3", "first", "NAS")
	if diff := cmp.Diff([]string{"a=first", "device=pdu", "name=NAS", "outlet=3"}, words(point)); diff != "" {
		t.Errorf("difference from the wanted labels (-) to those it has (+):\n%s", diff)
	}
	for _, threshold := range thresholds {
		with := point.and(threshold.label)
		want := []string{"a=first", "device=pdu", "limit=" + threshold.label.GetValue(), "name=NAS", "outlet=3"}
		if diff := cmp.Diff(want, words(with)); diff != "" {
			t.Errorf("difference from the wanted labels of a limit (-) to those it has (+):\n%s", diff)
		}
	}
	if len(point) != 4 {
		t.Errorf("adding a label to a copy changed the labels to %q", words(point))
	}
}

func TestLabelIsAddedAtEitherEnd(t *testing.T) {
	middle := labelNames{"m"}.with("1")
	for _, name := range []string{"a", "z"} {
		value := "2"
		both := words(middle.and(&dto.LabelPair{Name: &name, Value: &value}))
		if want := map[string][]string{"a": {"a=2", "m=1"}, "z": {"m=1", "z=2"}}[name]; !cmp.Equal(want, both) {
			t.Errorf("the labels are %q, want %q", both, want)
		}
	}
	if got := words(labelNames(nil).with()); len(got) != 0 {
		t.Errorf("no labels are %q", got)
	}
}

// words is the labels as name=value.
func words(pairs labelPairs) []string {
	var all []string
	for _, p := range pairs {
		all = append(all, p.GetName()+"="+p.GetValue())
	}
	return all
}
