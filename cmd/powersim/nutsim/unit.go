package nutsim

import (
	"slices"
	"strings"
)

// unit is a UPS as the server keeps it: found in any case, listed in order.
type unit struct {
	name        string
	description string
	commands    []string
	state       State
	variables   map[string]variable // by lower-case name
	order       []string            // the keys of variables, sorted as upsd lists them
}

// variable is one variable of a unit.
type variable struct {
	name  string // as the driver spells it
	value string
	trait Trait
}

// newUnit copies u, so that nothing is shared with the caller.
func newUnit(u UPS) *unit {
	n := &unit{
		name:        u.Name,
		description: u.Description,
		commands:    slices.Clone(u.Commands),
		state:       u.State,
		variables:   make(map[string]variable, len(u.Variables)),
	}
	for name, value := range u.Variables {
		n.variables[strings.ToLower(name)] = variable{name: name, value: value, trait: u.Traits[name]}
	}
	for key := range n.variables {
		n.order = append(n.order, key)
	}
	slices.Sort(n.order)
	return n
}

// ups is a copy of the unit for those outside.
func (n *unit) ups() UPS {
	u := UPS{
		Name:        n.name,
		Description: n.description,
		Variables:   make(map[string]string, len(n.variables)),
		Traits:      make(map[string]Trait, len(n.variables)),
		Commands:    slices.Clone(n.commands),
		State:       n.state,
	}
	for _, v := range n.variables {
		u.Variables[v.name] = v.value
		u.Traits[v.name] = v.trait
	}
	return u
}

// set gives a variable a value; one that is there keeps its spelling and
// trait.
func (n *unit) set(name, value string) {
	key := strings.ToLower(name)
	v, ok := n.variables[key]
	if !ok {
		v.name = name
		i, _ := slices.BinarySearch(n.order, key)
		n.order = slices.Insert(n.order, i, key)
	}
	v.value = value
	n.variables[key] = v
}

// remove takes a variable away, if it is there.
func (n *unit) remove(name string) {
	key := strings.ToLower(name)
	delete(n.variables, key)
	if i, ok := slices.BinarySearch(n.order, key); ok {
		n.order = slices.Delete(n.order, i, i+1)
	}
}

// supports says whether an instant command is in LIST CMD.
func (n *unit) supports(command string) bool {
	return slices.ContainsFunc(n.commands, func(c string) bool { return strings.EqualFold(c, command) })
}
