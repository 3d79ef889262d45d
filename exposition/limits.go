package exposition

import (
	"slices"

	"power_exporter/power"
)

// limitLabel tells the thresholds of one quantity apart.
const limitLabel = "limit"

// limits is a family that exports the thresholds of one quantity of a P.
type limits[P any] struct {
	*family
	of func(*P) *power.Limits
}

// newLimits declares a family of thresholds of a point whose own labels are
// given: the limit stands before the name.
func newLimits(name, help string, point labelNames) *family {
	return newGauge(name, help, slices.Insert(slices.Clone(point), len(point)-1, limitLabel))
}

// thresholds are the limits that a quantity can have, by the value of the
// label.
var thresholds = []struct {
	limit string
	of    func(*power.Limits) power.Value
}{
	{"low_critical", func(l *power.Limits) power.Value { return l.LowCritical }},
	{"low_warning", func(l *power.Limits) power.Value { return l.LowWarning }},
	{"high_warning", func(l *power.Limits) power.Value { return l.HighWarning }},
	{"high_critical", func(l *power.Limits) power.Value { return l.HighCritical }},
}

// sendLimits exports what is present of the thresholds of one P, whose own
// labels are given.
func sendLimits[P any](out sink, table []limits[P], point labelValues, p *P) {
	for i := range table {
		of := table[i].of(p)
		if *of == (power.Limits{}) {
			continue // as most are
		}
		for _, threshold := range thresholds {
			if v := threshold.of(of); v.Present() {
				table[i].send(out, point.limited(threshold.limit), v)
			}
		}
	}
}

// limitFamilies are the families of a table, in its order.
func limitFamilies[P any](table []limits[P]) []*family {
	all := make([]*family, len(table))
	for i := range table {
		all[i] = table[i].family
	}
	return all
}
