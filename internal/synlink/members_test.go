package synlink_test

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"power_exporter/exposition"
	"power_exporter/power"
)

// effect is what a member does to the metrics.
type effect struct {
	inVendor bool            // a sample of the vendor's has it
	some     bool            // it changes any of them
	families map[string]bool // whose values it changes, and nothing else
}

// TestEveryMember takes every member of every sample in the vendor's document,
// and of the cases, and changes it alone. One that changes a metric must be in
// the tables of docs/synlink.md, beside exactly the metrics it changes; one
// that changes nothing must be in the list of what is left out.
func TestEveryMember(t *testing.T) {
	t.Parallel()
	effects := map[string]*effect{}
	for _, sample := range vendorSamples(t) {
		vary(t, sample, func(name string, before, after map[string]float64) {
			of(effects, name).inVendor = true
			of(effects, name).add(before, after)
		})
	}
	for _, sample := range cases(t) {
		vary(t, sample, func(name string, before, after map[string]float64) { of(effects, name).add(before, after) })
	}
	if len(effects) < 150 {
		t.Fatalf("only %d members were found: this test is blind", len(effects))
	}
	mapped, leftOut := mappedMembers(t), leftOutMembers(t)
	for name, e := range effects {
		becomes, inTable := mapped[name]
		listed := slices.Contains(leftOut, name)
		covered := listed || slices.ContainsFunc(leftOut, func(pattern string) bool {
			matched, err := path.Match(pattern, name)
			return err == nil && matched
		})
		switch {
		case e.some && !inTable:
			t.Errorf("%s changes metrics (%q), and docs/synlink.md has it in no table", name, slices.Sorted(maps.Keys(e.families)))
		case e.some && listed:
			t.Errorf("%s changes metrics, and docs/synlink.md says that it is left out", name)
		case !e.some && e.inVendor && !covered:
			t.Errorf("%s changes no metric, and docs/synlink.md does not say that it is left out", name)
		}
		if got := slices.Sorted(maps.Keys(e.families)); len(got) > 0 && !slices.Equal(got, becomes) {
			t.Errorf("%s changes the values of %q, and docs/synlink.md says %q", name, got, becomes)
		}
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(mapped)), leftOut) {
		if effects[name] == nil && !strings.Contains(name, "*") {
			t.Errorf("docs/synlink.md says something of %s, which no sample has", name)
		}
	}
}

// of is the effect of a member, made where there is none.
func of(effects map[string]*effect, name string) *effect {
	if effects[name] == nil {
		effects[name] = &effect{families: map[string]bool{}}
	}
	return effects[name]
}

// vary changes every member of a sample alone, in several ways, and shows the
// series from before and after.
func vary(tb testing.TB, sample map[string][]byte, show func(name string, before, after map[string]float64)) {
	tb.Helper()
	before := heard(tb, sample).series(tb)
	for endpoint, data := range sample {
		for _, m := range members(tb, data) {
			for _, other := range m.others() {
				changed := maps.Clone(sample)
				changed[endpoint] = m.with(other)
				show(documented(endpoint, m.path), before, heard(tb, changed).series(tb))
			}
		}
	}
}

// add takes note of what changed between two sets of series.
func (e *effect) add(before, after map[string]float64) {
	if maps.Equal(before, after) {
		return
	}
	e.some = true
	for name := range before {
		if _, ok := after[name]; !ok {
			return
		}
	}
	if len(after) != len(before) {
		return
	}
	for name, value := range before {
		if after[name] != value {
			family, _, _ := strings.Cut(name, "{")
			e.families[family] = true
		}
	}
}

// vendorSamples are the samples of the vendor's document, each alone.
func vendorSamples(tb testing.TB) []map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob("testdata/document/*.json")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no samples: %v", err)
	}
	var all []map[string][]byte
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		endpoint, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".json"), "-")
		all = append(all, map[string][]byte{endpoint: data})
	}
	return all
}

// cases are the folders of testdata/cases.
func cases(tb testing.TB) []map[string][]byte {
	tb.Helper()
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		tb.Fatalf("no cases: %v", err)
	}
	var all []map[string][]byte
	for _, folder := range folders {
		all = append(all, replies(tb, folder))
	}
	return all
}

// documented is how docs/synlink.md writes a member: frames, posts and groups
// hold the objects of other endpoints.
func documented(endpoint, at string) string {
	name := endpoint + "." + at
	for _, holder := range []string{"stream.", "webhook.", "groups."} {
		rest, ok := strings.CutPrefix(name, holder)
		object, _, _ := strings.Cut(rest, ".")
		if ok && object != rest && slices.Contains(endpoints, object) {
			return rest
		}
	}
	return name
}

// series are the samples of a unit: their values by family and labels.
func (u *unit) series(tb testing.TB) map[string]float64 {
	tb.Helper()
	d, _ := u.device()
	registry := prometheus.NewRegistry()
	registry.MustRegister(exposition.NewCollector([]power.Device{d}))
	families, err := registry.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	all := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			var name strings.Builder
			name.WriteString(family.GetName())
			for _, label := range m.GetLabel() {
				name.WriteString("{" + label.GetName() + "=" + label.GetValue())
			}
			all[name.String()] = m.GetGauge().GetValue() + m.GetCounter().GetValue() // it has one of them
		}
	}
	return all
}

// mappedMembers are the members in the tables, with the metrics beside them.
func mappedMembers(tb testing.TB) map[string][]string {
	tb.Helper()
	mapped := map[string][]string{}
	for _, row := range rows(tb, "Members and metrics") {
		metrics := slices.DeleteFunc(codes(row[1]), func(text string) bool { return !strings.HasPrefix(text, "power_") })
		slices.Sort(metrics)
		for _, name := range codes(row[0]) {
			mapped[name] = metrics
		}
	}
	return mapped
}

// leftOutMembers are the members, or patterns of them, in the list of what is
// left out.
func leftOutMembers(tb testing.TB) []string {
	tb.Helper()
	var names []string
	for _, row := range rows(tb, "What is left out") {
		names = append(names, codes(row[0])...)
	}
	return names
}
