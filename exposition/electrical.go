package exposition

import (
	"fmt"
	"slices"
	"strings"

	"power_exporter/power"
)

// quantity is a reading that every kind of point may carry. Its families are
// power_<point><suffix>.
type quantity struct {
	typ    metricType
	suffix string
	help   string // where %s stands for the point
	source quantitySource
	of     func(*power.Electrical) power.Value
}

var quantities = []quantity{
	{
		gauge, "_voltage_volts", "Voltage of %s, RMS for AC, in volts",
		nut("voltage"), func(e *power.Electrical) power.Value { return e.Voltage },
	},
	{
		gauge, "_voltage_nominal_volts", "Nominal voltage of %s in volts",
		nut("voltage.nominal"), func(e *power.Electrical) power.Value { return e.VoltageNominal },
	},
	{
		gauge, "_current_amperes", "Current of %s, RMS for AC, in amperes",
		nut("current"), func(e *power.Electrical) power.Value { return e.Current },
	},
	{
		gauge, "_current_nominal_amperes", "Nominal current of %s in amperes",
		nut("current.nominal"), func(e *power.Electrical) power.Value { return e.CurrentNominal },
	},
	{
		gauge, "_frequency_hertz", "Frequency of %s in hertz",
		nut("frequency"), func(e *power.Electrical) power.Value { return e.Frequency },
	},
	{
		gauge, "_frequency_nominal_hertz", "Nominal frequency of %s in hertz",
		nut("frequency.nominal"), func(e *power.Electrical) power.Value { return e.FrequencyNominal },
	},
	{
		gauge, "_power_factor_ratio", "Power factor of %s as a ratio from -1 to 1",
		nut("powerfactor"), func(e *power.Electrical) power.Value { return e.PowerFactor },
	},
	{
		gauge, "_load_ratio", "Load of %s as a ratio of its rated capacity, above 1 when overloaded",
		nutUPS("load"), func(e *power.Electrical) power.Value { return e.Load },
	},
	{
		gauge, "_active_power_watts", "Active power of %s in watts, negative when it flows towards the source",
		nutUPS("realpower"), func(e *power.Electrical) power.Value { return e.ActivePower },
	},
	{
		gauge, "_active_power_nominal_watts", "Nominal active power of %s in watts",
		nutUPS("realpower.nominal"), func(e *power.Electrical) power.Value { return e.ActivePowerNominal },
	},
	{
		gauge, "_apparent_power_voltamperes", "Apparent power of %s in volt-amperes",
		nutUPS("power"), func(e *power.Electrical) power.Value { return e.ApparentPower },
	},
	{
		gauge, "_apparent_power_nominal_voltamperes", "Nominal apparent power of %s in volt-amperes",
		nutUPS("power.nominal"), func(e *power.Electrical) power.Value { return e.ApparentPowerNominal },
	},
	{
		gauge, "_reactive_power_voltamperes_reactive", "Reactive power of %s in volt-amperes reactive",
		quantitySource{},
		func(e *power.Electrical) power.Value { return e.ReactivePower },
	},
	{
		counter, "_energy_joules_total", "Energy consumed at %s in joules, since its meter was reset",
		quantitySource{},
		func(e *power.Electrical) power.Value { return e.Energy },
	},
	{
		counter, "_exported_energy_joules_total", "Energy given back to the source at %s in joules, since its meter was reset",
		quantitySource{},
		func(e *power.Electrical) power.Value { return e.ExportedEnergy },
	},
}

// electricalLimit is a quantity whose thresholds every kind of point may carry.
type electricalLimit struct {
	suffix string
	help   string // where %s stands for the point
	source quantitySource
	of     func(*power.ElectricalLimits) *power.Limits
}

var electricalLimits = []electricalLimit{
	{
		"_voltage_limit_volts", "Threshold configured for the voltage of %s in volts",
		nutTransfer("voltage"), func(l *power.ElectricalLimits) *power.Limits { return &l.Voltage },
	},
	{
		"_current_limit_amperes", "Threshold configured for the current of %s in amperes",
		nut("current"), func(l *power.ElectricalLimits) *power.Limits { return &l.Current },
	},
	{
		"_frequency_limit_hertz", "Threshold configured for the frequency of %s in hertz",
		nut("frequency"), func(l *power.ElectricalLimits) *power.Limits { return &l.Frequency },
	},
	{
		"_active_power_limit_watts", "Threshold configured for the active power of %s in watts",
		nutUPS("realpower"), func(l *power.ElectricalLimits) *power.Limits { return &l.ActivePower },
	},
	{
		"_load_limit_ratio", "Threshold configured for the load of %s as a ratio of its rated capacity",
		nutUPS("load"), func(l *power.ElectricalLimits) *power.Limits { return &l.Load },
	},
}

// quantitySource says where a quantity comes from.
type quantitySource struct {
	nut      string // what NUT's names for it end in; "" where NUT has none
	ups      bool   // NUT says it of the UPS where it means the output
	transfer bool   // NUT's transfer points are such limits too
}

func nut(suffix string) quantitySource         { return quantitySource{nut: suffix} }
func nutUPS(suffix string) quantitySource      { return quantitySource{nut: suffix, ups: true} }
func nutTransfer(suffix string) quantitySource { return quantitySource{nut: suffix, transfer: true} }

// emsQuantities are the quantities to which signals of a Carlo Gavazzi EMS can
// be mapped.
var emsQuantities = []string{
	"_voltage_volts", "_current_amperes", "_frequency_hertz", "_active_power_watts", "_apparent_power_voltamperes",
	"_reactive_power_voltamperes_reactive", "_power_factor_ratio", "_energy_joules_total", "_exported_energy_joules_total",
}

// point is a kind of place where electricity passes.
type point struct {
	name        string // as the metrics have it
	where       string // as HELP has it
	labels      labelNames
	nut         string            // what NUT's names for its readings begin with
	nutUPS      string            // the same for those that NUT says of the UPS; "" where that is no different
	nutTransfer string            // the same for the voltages at which a UPS leaves the point; "" where it never does
	fields      map[string]string // the names of its readings in other systems, by what the family's name ends in
	ems         bool              // signals of a Carlo Gavazzi EMS can be mapped to its readings
}

// nutName is NUT's name for a quantity of the point, "" where it has none.
func (p point) nutName(q quantitySource) string {
	switch {
	case p.nut == "" || q.nut == "":
		return ""
	case q.ups && p.nutUPS != "":
		return p.nutUPS + q.nut
	}
	return p.nut + q.nut
}

// sources are the names of a quantity of the point in all systems that report
// it, in brackets.
func (p point) sources(q quantity) string {
	var names []string
	if name := p.nutName(q.source); name != "" {
		names = append(names, "NUT "+name)
	}
	if field := p.fields[q.suffix]; field != "" {
		names = append(names, field)
	}
	if p.ems && slices.Contains(emsQuantities, q.suffix) {
		names = append(names, "Carlo Gavazzi EMS signals")
	}
	return bracketed(names)
}

// limitSources are the same for the thresholds of a quantity.
func (p point) limitSources(q quantitySource) string {
	var names []string
	if name := p.nutName(q); name != "" {
		names = append(names, fmt.Sprintf("NUT %s.low* and %[1]s.high*", name))
	}
	if q.transfer && p.nutTransfer != "" {
		names = append(names, fmt.Sprintf("%slow and %[1]shigh", p.nutTransfer))
	}
	return bracketed(names)
}

// bracketed is what stands at the end of a HELP for the names of its sources.
func bracketed(names []string) string {
	if len(names) == 0 {
		return " (reported by no system yet)"
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// electricalGroup is all electrical families of one kind of point.
type electricalGroup struct {
	labels   labelNames
	readings []reading[power.Electrical]
	limits   []limits[power.ElectricalLimits]
	extremes []reading[power.Extremes]
}

// electrical declares the electrical families of one kind of point.
func electrical(p point) electricalGroup {
	group := electricalGroup{labels: p.labels}
	for _, q := range quantities {
		help := fmt.Sprintf(q.help, p.where) + p.sources(q) + "."
		group.readings = append(group.readings, reading[power.Electrical]{newFamily(q.typ, "power_"+p.name+q.suffix, help, p.labels), q.of})
	}
	for _, l := range electricalLimits {
		help := fmt.Sprintf(l.help, p.where) + p.limitSources(l.source) + "."
		group.limits = append(group.limits, limits[power.ElectricalLimits]{newLimits("power_"+p.name+l.suffix, help, p.labels), l.of})
	}
	group.extremes = extremes(p)
	return group
}

// send exports what is present of one point.
func (g *electricalGroup) send(out sink, labels labelValues, e *power.Electrical) {
	sendAll(out, g.readings, labels, e)
	if e.Limits != nil {
		sendLimits(out, g.limits, labels, e.Limits)
	}
	if e.Extremes != nil {
		sendAll(out, g.extremes, labels, e.Extremes)
	}
}

// sendLines exports what is present of the lines of one point, which is called
// name.
func (g *electricalGroup) sendLines(out sink, device, id, name string, lines []power.Line) {
	for i := range lines {
		g.send(out, labelValues{device, id, lines[i].ID, name}, &lines[i].Electrical)
	}
}

// families are the families of the group.
func (g *electricalGroup) families() []*family {
	return slices.Concat(families(g.readings), families(g.extremes), limitFamilies(g.limits))
}
