package exposition

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
)

func TestReferenceIsUpToDate(t *testing.T) {
	var want bytes.Buffer
	if err := WriteReference(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("METRICS.md is out of date: run go generate ./exposition and commit what it writes.\n%s", diff)
	}
}

func TestReferenceSaysWhenItCannotBeWritten(t *testing.T) {
	full := errors.New("disk full")
	if err := WriteReference(writer(func([]byte) (int, error) { return 0, full })); !errors.Is(err, full) {
		t.Errorf("the error is %v, want %v", err, full)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

// The tables say what is exported, no more and no less: every family with its
// type, its HELP and its labels.
func TestTablesAreWhatIsExported(t *testing.T) {
	type facts struct{ Name, Type, Help, Labels string }
	sorted := func(labels []string) string { return strings.Join(slices.Sorted(slices.Values(labels)), " ") }

	var want []facts
	for _, f := range all() {
		want = append(want, facts{f.name, string(f.typ), f.help, sorted(f.labels)})
	}
	var got []facts
	for _, f := range exported(t) {
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, l.GetName())
		}
		got = append(got, facts{f.GetName(), strings.ToLower(f.GetType().String()), f.GetHelp(), sorted(labels)})
	}
	byName := func(a, b facts) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(want, byName)
	slices.SortFunc(got, byName)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("difference from the tables (-) to what is exported (+):\n%s", diff)
	}
}

func TestOneDescForEachFamily(t *testing.T) {
	names := map[string]bool{}
	descs := map[*prometheus.Desc]string{}
	for _, f := range all() {
		if names[f.name] {
			t.Errorf("%s is declared twice", f.name)
		}
		names[f.name] = true
		if f.desc == nil {
			continue // the instrument of one of the exporter's own makes it
		}
		if descs[f.desc] != "" {
			t.Errorf("%s and %s share a Desc", f.name, descs[f.desc])
		}
		descs[f.desc] = f.name
	}
	own := make(chan *prometheus.Desc, len(selfFamilies())+1)
	NewSelf().Describe(own)
	if len(own) != len(selfFamilies()) {
		t.Errorf("the exporter's own instruments have %d Descs, want %d", len(own), len(selfFamilies()))
	}

	first, second := descsOf(t), descsOf(t)
	if !cmp.Equal(first, second, cmp.Comparer(func(a, b *prometheus.Desc) bool { return a == b })) {
		t.Error("encoding a device again made new Descs")
	}
	for _, d := range first {
		if descs[d] == "" {
			t.Errorf("%s is in no table", d)
		}
	}
}

// descsOf is the Desc of each sample of everything.
func descsOf(t *testing.T) []*prometheus.Desc {
	t.Helper()
	d := everything(t)
	metrics := make(chan prometheus.Metric, 10000)
	send(&channel{metrics: metrics}, &d)
	close(metrics)
	var descs []*prometheus.Desc
	for m := range metrics {
		descs = append(descs, m.Desc())
	}
	return descs
}
