package nut

import (
	"slices"
	"strings"

	"power_exporter/power"
)

// variable is one variable of a device, with its name taken apart.
type variable struct {
	name     string
	at       place
	quantity string
	value    string
	used     bool // whether a metric of the schema has it
}

// variables are the variables of one device, in the order of their names.
type variables []variable

// newVariables is a device's variables, none of them used.
func newVariables(list []Variable) variables {
	// upsd sorts them, ignoring case, so there is seldom anything to do.
	byName := func(a, b Variable) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(list, byName) {
		list = slices.SortedFunc(slices.Values(list), byName)
	}
	v := make(variables, len(list))
	for i, x := range list {
		at, quantity := locate(x.Name)
		v[i] = variable{name: x.Name, at: at, quantity: quantity, value: x.Value}
	}
	return v
}

// find returns the variable of that name, nil if there is none.
func (v variables) find(name string) *variable {
	i, ok := slices.BinarySearchFunc(v, name, func(x variable, name string) int { return strings.Compare(x.name, name) })
	if !ok {
		return nil
	}
	return &v[i]
}

// text returns the first of the variables that has a value.
func (v variables) text(names ...string) string {
	var found string
	for _, name := range names {
		x := v.find(name)
		if x == nil {
			continue
		}
		x.used = true
		if found == "" {
			found = strings.TrimSpace(x.value)
		}
	}
	return found
}

// number returns the number a variable holds, absent if there is none.
func (v variables) number(name string) power.Number { return power.Parse(v.text(name)) }

// boolean returns what a variable says that is one of two words; any other
// text, such as "unknown", is absent.
func (v variables) boolean(name, yes, no string) power.Value {
	switch text := v.text(name); {
	case strings.EqualFold(text, yes):
		return power.Boolean(true)
	case strings.EqualFold(text, no):
		return power.Boolean(false)
	}
	return power.Value{}
}
