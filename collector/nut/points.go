package nut

import (
	"cmp"
	"slices"
	"strconv"

	"power_exporter/power"
)

// points maps everything electricity passes: variables are sorted into points
// by the place their names give, and then each point's own details are added.
func points(d *power.Device, v variables) {
	found := electricals(v)
	d.Inlets = inlets(found, v)
	d.Bypasses = bypasses(found)
	d.Outputs = outputs(found, v)
	d.Outlets = outlets(found, v)
	d.Circuits = circuits(found, v)
	d.Groups = groups(d.Outlets, v)
}

// point is the readings at one place and at its lines.
type point struct {
	whole power.Electrical
	lines []power.Line
}

// line returns the readings of one of the point's lines.
func (p *point) line(id string) *power.Electrical {
	for i := range p.lines {
		if p.lines[i].ID == id {
			return &p.lines[i].Electrical
		}
	}
	p.lines = append(p.lines, power.Line{ID: id})
	return &p.lines[len(p.lines)-1].Electrical
}

// found is the points that have readings, by their place less the line.
type found map[place]*point

// at returns the point at a place, making it if there is none.
func (f found) at(domain, index string) *point {
	at := place{domain: domain, index: index}
	if f[at] == nil {
		f[at] = &point{}
	}
	return f[at]
}

// indices returns the numbers of the points that a domain has, in order.
func (f found) indices(domain string) []string {
	var indices []string
	for at := range f {
		if at.domain == domain {
			indices = append(indices, at.index)
		}
	}
	slices.SortFunc(indices, byNumber)
	return indices
}

// byNumber orders indices as people count, 2 before 10.
func byNumber(a, b string) int {
	m, _ := strconv.Atoi(a)
	n, _ := strconv.Atoi(b)
	return cmp.Or(cmp.Compare(m, n), cmp.Compare(a, b))
}

// electricals finds every point that has a reading or, for what is numbered, a
// variable of any sort.
func electricals(v variables) found {
	f := found{}
	for i := range v {
		x := &v[i]
		at, ok := pointOf(x.at)
		if !ok {
			continue
		}
		if at.domain != x.at.domain && x.at.line == "" {
			continue // outputs knows better what is said of the UPS
		}
		if numbered := at.domain == "outlet" || at.domain == "outlet.group"; numbered && at.index != "" {
			f.at(at.domain, at.index)
		}
		n := power.Parse(x.value)
		if !n.Present() || !setElectrical(&power.Electrical{}, x.quantity, n) {
			continue
		}
		x.used = true
		p := f.at(at.domain, at.index)
		if x.at.line == "" {
			setElectrical(&p.whole, x.quantity, n)
		} else {
			setElectrical(p.line(x.at.line), x.quantity, n)
		}
	}
	return f
}

// pointOf says which point a place is part of; ok is false where the schema has
// no such point or no lines of it. What is said of a UPS is about its output.
func pointOf(at place) (point place, ok bool) {
	switch at.domain {
	case "input", "outlet.group":
		return place{domain: at.domain, index: at.index}, true
	case "input.bypass", "input.servicebypass", "output":
		return place{domain: at.domain}, at.index == ""
	case "outlet":
		return place{domain: at.domain, index: at.index}, at.line == ""
	case "ups":
		return place{domain: "output"}, at.index == ""
	}
	return place{}, false
}

// inlets maps the input, or the numbered inputs of a transfer switch, of which
// input.source names the one in use. The voltages at which a UPS transfers to
// its battery are the input's critical limits.
func inlets(f found, v variables) []power.Inlet {
	low, high := power.Volts(v.number("input.transfer.low")), power.Volts(v.number("input.transfer.high"))
	if low.Present() || high.Present() {
		e := &f.at("input", "").whole
		if e.Limits == nil {
			e.Limits = &power.ElectricalLimits{}
		}
		limits := &e.Limits.Voltage
		limits.LowCritical, limits.HighCritical = limits.LowCritical.Or(low), limits.HighCritical.Or(high)
	}

	phase := phases(v.text("input.phases"))
	source := v.text("input.source")
	indices := f.indices("input")
	var inlets []power.Inlet
	for _, index := range indices {
		p := f[place{domain: "input", index: index}]
		inlet := power.Inlet{ID: index, Electrical: p.whole, Lines: p.lines, Phase: phase}
		switch {
		case index == "" && len(indices) == 1:
			inlet.ID = only
		case index == "":
			// Beside numbered inputs, what has no number is about all of them.
			inlet.ID = "all"
		case isIndex(source):
			inlet.ATS = []power.ATSInlet{{ID: index, Active: power.Boolean(index == source)}}
		}
		inlets = append(inlets, inlet)
	}
	return inlets
}

// phases gives the number of phases the schema's name.
func phases(number string) string {
	switch number {
	case "1":
		return "single"
	case "3":
		return "three"
	}
	return number
}

// bypasses maps the automatic bypass of a UPS and the one for its servicing.
func bypasses(f found) []power.Bypass {
	var bypasses []power.Bypass
	for _, b := range []struct{ domain, id string }{{"input.bypass", only}, {"input.servicebypass", "service"}} {
		if p, ok := f[place{domain: b.domain}]; ok {
			bypasses = append(bypasses, power.Bypass{ID: b.id, Electrical: p.whole, Lines: p.lines})
		}
	}
	return bypasses
}

// outputs maps the output. What UPSes report as ups.load, ups.power and
// ups.realpower is what they give, so it belongs to the output as well, as does
// what a PDU reports of all its outlets together ("outlet." without a number,
// or with 0).
func outputs(f found, v variables) []power.Output {
	var e power.Electrical
	var lines []power.Line
	if p, ok := f[place{domain: "output"}]; ok {
		e, lines = p.whole, p.lines
	}
	for _, index := range []string{"", "0"} {
		if p, ok := f[place{domain: "outlet", index: index}]; ok {
			e = e.Or(p.whole)
		}
	}
	e = e.Or(power.Electrical{
		Load:                 power.Percent(v.number("ups.load")),
		ActivePower:          power.Watts(v.number("ups.realpower")),
		ActivePowerNominal:   power.Watts(v.number("ups.realpower.nominal")),
		ApparentPower:        power.VoltAmperes(v.number("ups.power")),
		ApparentPowerNominal: power.VoltAmperes(v.number("ups.power.nominal")),
	})
	if overload := power.Percent(v.number("ups.load.high")); overload.Present() {
		if e.Limits == nil {
			e.Limits = &power.ElectricalLimits{}
		}
		e.Limits.Load.HighCritical = e.Limits.Load.HighCritical.Or(overload)
	}
	if e == (power.Electrical{}) && lines == nil {
		return nil
	}
	return []power.Output{{ID: only, Electrical: e, Lines: lines}}
}

// outlets maps the numbered outlets; 0 stands for all of them.
func outlets(f found, v variables) []power.Outlet {
	var outlets []power.Outlet
	for _, index := range f.indices("outlet") {
		if index == "" || index == "0" {
			continue
		}
		p, prefix := f[place{domain: "outlet", index: index}], "outlet."+index+"."
		outlets = append(outlets, power.Outlet{
			ID:         index,
			Name:       v.text(prefix+"desc", prefix+"name"),
			Electrical: p.whole,
			Circuit:    groupIndex(v.text(prefix+"groupid"), v),
			Receptacle: v.text(prefix + "type"),
			On:         v.boolean(prefix+"status", "on", "off").Or(v.boolean(prefix+"switch", "on", "off")),
		})
	}
	return outlets
}

// circuits maps the outlet groups, which are what a PDU's maker calls its
// sections, gangs or branch circuits, and measures as such.
func circuits(f found, v variables) []power.Circuit {
	var circuits []power.Circuit
	for _, index := range f.indices("outlet.group") {
		if index == "" {
			continue
		}
		p, prefix := f[place{domain: "outlet.group", index: index}], "outlet.group."+index+"."
		circuits = append(circuits, power.Circuit{
			ID:         index,
			Name:       v.text(prefix+"name", prefix+"desc"),
			Electrical: p.whole,
			Lines:      p.lines,
			Inlet:      v.text(prefix + "input"),
			Wiring:     v.text(prefix + "phase"),
		})
	}
	return circuits
}

// groups lists which outlets belong to which outlet group.
func groups(outlets []power.Outlet, v variables) []power.OutletGroup {
	var groups []power.OutletGroup
	for _, outlet := range outlets {
		if outlet.Circuit == "" {
			continue
		}
		i := slices.IndexFunc(groups, func(g power.OutletGroup) bool { return g.ID == outlet.Circuit })
		if i < 0 {
			i = len(groups)
			groups = append(groups, power.OutletGroup{ID: outlet.Circuit, Name: v.text("outlet.group." + outlet.Circuit + ".name")})
		}
		groups[i].Outlets = append(groups[i].Outlets, outlet.ID)
	}
	return groups
}

// groupIndex returns the number of the outlet group that an outlet names by its
// number, or by the id that the group has.
func groupIndex(name string, v variables) string {
	for i := range v {
		if x := &v[i]; x.at.domain == "outlet.group" && x.quantity == "id" && x.value == name {
			return x.at.index
		}
	}
	return name
}
