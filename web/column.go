package web

import (
	"cmp"
	"slices"

	"power_exporter/power"
	"power_exporter/probe"
)

// column is a column by which tables can be put in order.
type column struct {
	key, title string
	number     bool // its cells are aligned as numbers are
	compare    func(a, b *row) int
	// missing reports whether a row has nothing in the column. Such rows come
	// last in either order.
	missing func(r *row) bool
	// onlyProbed is a column that devices that push do not have.
	onlyProbed bool
	explained  string // what its cells are, if the title does not say it; "" if it does
}

var columns = [...]column{
	{key: "state", title: "State", compare: compareStates},
	{key: "name", title: "Target", compare: func(a, b *row) int { return cmp.Compare(a.Name, b.Name) }},
	{key: "module", title: "Module", compare: func(a, b *row) int { return cmp.Compare(a.Module, b.Module) }},
	{
		key: "age", title: "Last result", compare: func(a, b *row) int { return b.At.Compare(a.At) },
		missing: func(r *row) bool { return r.At.IsZero() },
	},
	{
		key: "duration", title: "Took", number: true, compare: func(a, b *row) int { return cmp.Compare(a.Took, b.Took) },
		missing: func(r *row) bool { return r.At.IsZero() }, onlyProbed: true,
	},
	{
		key: "devices", title: "Devices up", number: true, compare: func(a, b *row) int { return cmp.Compare(a.Devices, b.Devices) },
		missing: func(r *row) bool { return r.At.IsZero() }, onlyProbed: true,
	},
	{
		key: "power", title: "Power", number: true, compare: func(a, b *row) int { return compareValues(a.Power, b.Power) },
		missing:   func(r *row) bool { return !r.Power.Present() },
		explained: "of all devices that tell it; else the voltage and current that is known",
	},
	{
		key: "battery", title: "Battery", number: true, compare: func(a, b *row) int { return compareValues(a.Charge, b.Charge) },
		missing:   func(r *row) bool { return !r.Charge.Present() },
		explained: "charge of the battery with the lowest one; else the voltage of the batteries",
	},
}

// compareStates puts the most urgent row first.
func compareStates(a, b *row) int {
	if order := cmp.Compare(a.State, b.State); order != 0 || a.Urgent() == b.Urgent() {
		return order
	}
	if a.Urgent() {
		return -1
	}
	return 1
}

// columnKeys are the keys of all columns.
func columnKeys() []string {
	keys := make([]string, len(columns))
	for i := range columns {
		keys[i] = columns[i].key
	}
	return keys
}

// compareValues compares two readings that are there.
func compareValues(a, b power.Value) int {
	x, _ := a.Get()
	y, _ := b.Get()
	return cmp.Compare(x, y)
}

// compareSubjects is an order of subjects of the same name.
func compareSubjects(a, b *probe.Subject) int {
	return cmp.Or(cmp.Compare(a.Module, b.Module), cmp.Compare(a.Auth, b.Auth), cmp.Compare(a.Parameters, b.Parameters), cmp.Compare(a.Address, b.Address))
}

// sortRows puts rows in the order of the view.
func (v view) sortRows(rows []*row) {
	by := columns[0]
	if i := slices.Index(columnKeys(), v.Sort); i >= 0 {
		by = columns[i]
	}
	slices.SortFunc(rows, func(a, b *row) int {
		if by.missing != nil {
			if x, y := by.missing(a), by.missing(b); x != y {
				if y {
					return -1
				}
				return 1
			}
		}
		order := by.compare(a, b)
		if v.Descending {
			order = -order
		}
		if order == 0 {
			order = cmp.Compare(a.Name, b.Name)
		}
		if order == 0 {
			order = compareSubjects(&a.subject, &b.subject)
		}
		return order
	})
}
