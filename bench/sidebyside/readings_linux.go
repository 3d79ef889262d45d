package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// reading is one series and its number.
type reading struct {
	name   string
	labels map[string]string
	value  float64
}

func (r reading) String() string {
	var labels []string
	for _, name := range slices.Sorted(maps.Keys(r.labels)) {
		labels = append(labels, fmt.Sprintf("%s=%q", name, r.labels[name]))
	}
	return fmt.Sprintf("%s{%s} %v", r.name, strings.Join(labels, ","), r.value)
}

// parse reads Prometheus' text format; what is about a probe itself is left out.
func parse(text []byte) ([]reading, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var readings []reading
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if strings.HasPrefix(name, "probe_") || strings.HasPrefix(name, "power_probe_") {
			continue
		}
		for _, m := range families[name].GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			readings = append(readings, reading{name, labels, number(m)})
		}
	}
	return readings, nil
}

// number is the number of a gauge, a counter, or of what has no type.
func number(m *dto.Metric) float64 {
	switch {
	case m.GetGauge() != nil:
		return m.GetGauge().GetValue()
	case m.GetCounter() != nil:
		return m.GetCounter().GetValue()
	}
	return m.GetUntyped().GetValue()
}

// units are those that json_exporter has to leave as the PDU has them.
var units = [...]struct {
	theirs, ours string // parts of names
	factor       float64
}{
	{"_kilowatthours_total", "_joules_total", 3.6e6},
	{"_percent", "_ratio", 0.01},
}

// inBaseUnits is a reading of json_exporter's in the exporter's unit.
func (r reading) inBaseUnits() reading {
	for _, u := range units {
		if name, ok := strings.CutSuffix(r.name, u.theirs); ok {
			return reading{name + u.ours, r.labels, r.value * u.factor}
		}
	}
	return r
}

// match finds each of their readings among ours, and names the families of ours
// that they have nothing of.
func match(ours, theirs []reading) (lacked []string, err error) {
	found := make([]bool, len(ours))
	for _, their := range theirs {
		their = their.inBaseUnits()
		at := -1
		for i, our := range ours {
			if found[i] || our.name != their.name || !covers(our.labels, their.labels) {
				continue
			}
			if at >= 0 {
				return nil, fmt.Errorf("%v could be %v and %v", their, ours[at], our)
			}
			at = i
		}
		if at < 0 {
			return nil, fmt.Errorf("%v is by %s alone", their, jsonExporter)
		}
		if !same(ours[at].value, their.value) {
			return nil, fmt.Errorf("%v is %v by %s", ours[at], their.value, jsonExporter)
		}
		found[at] = true
	}
	for i, our := range ours {
		if found[i] {
			continue
		}
		if slices.ContainsFunc(theirs, func(r reading) bool { return r.inBaseUnits().name == our.name }) {
			return nil, fmt.Errorf("%v is not by %s, but others of the family are", our, jsonExporter)
		}
		lacked = append(lacked, our.name)
	}
	slices.Sort(lacked)
	return slices.Compact(lacked), nil
}

// covers reports whether labels have all of others. An id that is a number may
// be written 2.86331153e+08.
func covers(labels, others map[string]string) bool {
	for name, want := range others {
		got, ok := labels[name]
		if !ok || got != want && !sameNumber(got, want) {
			return false
		}
	}
	return true
}

// sameNumber reports whether two texts are one number.
func sameNumber(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return cmp.Or(errX, errY) == nil && x == y
}

// same reports whether two numbers differ at most by the rounding of a change of
// units.
func same(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-15*max(math.Abs(a), math.Abs(b))
}
