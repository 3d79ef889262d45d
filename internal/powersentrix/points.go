package powersentrix

import (
	"slices"
	"strconv"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// supplies maps the power supplies, numbered from 1: main of the first is inlet
// 1, load is output 1, the rest is battery 1. All voltages count 10 mV: batt
// 5220 is 52.20 V, which is what the cells of the document's sample, 13.05 +
// 13.08 + 13.02 + 13.05 V, add up to.
func supplies(d *power.Device, list Slots[PowerSupply]) {
	for i, ps := range list {
		id := strconv.Itoa(i + 1)
		if v := power.Centivolts(ps.Main.Number); v.Present() {
			d.Inlets = append(d.Inlets, power.Inlet{ID: id, Electrical: power.Electrical{Voltage: v}})
		}
		if v := power.Centivolts(ps.Load.Number); v.Present() {
			d.Outputs = append(d.Outputs, power.Output{ID: id, Electrical: power.Electrical{Voltage: v}})
		}
		b := power.Battery{
			ID:      id,
			Voltage: power.Centivolts(ps.Batt.Number),
			// The protection cuts the battery off at buv.
			VoltageLimits: power.Limits{LowCritical: power.Centivolts(ps.BUV.Number)},
			Cells:         cells(ps.Cell),
		}
		if b.Voltage.Present() || b.VoltageLimits.LowCritical.Present() || b.Cells != nil {
			d.Batteries = append(d.Batteries, b)
		}
	}
}

// cells maps the cells of a battery, numbered from 1. The voltages count 10 mV:
// 1305 is 13.05 V.
func cells(list Slots[Number]) []power.Cell {
	var known []power.Cell
	for i, n := range list {
		if v := power.Centivolts(n.Number); v.Present() {
			known = append(known, power.Cell{ID: strconv.Itoa(i + 1), Voltage: v})
		}
	}
	return known
}

// outlets maps the DC outputs under their own ids, 0 to 11. The voltages count
// 10 mV: 4810 is 48.10 V. An output that is off or unused reports 0, which is
// measured and so exported. What upsData lacks is taken from the output's
// configuration, which alone has its name.
func outlets(data UPSData, configured Slots[Output], unit CurrentUnit) []power.Outlet {
	all := make([]power.Outlet, max(len(data.Voltages), len(data.Currents), len(data.Outputs)))
	for i := range all {
		all[i] = power.Outlet{
			ID: strconv.Itoa(i),
			On: onOff(data.Outputs.at(i)),
			Electrical: power.Electrical{
				Voltage: power.Centivolts(data.Voltages.at(i).Number),
				Current: unit.amperes(data.Currents.at(i)),
			},
		}
	}
	for i, c := range configured {
		if c == (Output{}) {
			continue
		}
		id := c.ID.String()
		if id == "" {
			id = strconv.Itoa(i)
		}
		at := slices.IndexFunc(all, func(o power.Outlet) bool { return o.ID == id })
		if at < 0 {
			at = len(all)
			all = append(all, power.Outlet{ID: id})
		}
		o := &all[at]
		o.Name = c.Description.String()
		o.On = o.On.Or(onOff(c.Status))
		o.Voltage = o.Voltage.Or(power.Centivolts(c.Voltage.Number))
	}
	return all
}

// onOff is 1 for an output that is on, written as ON or 1, and 0 for one that is
// off.
func onOff(text lenient.Text) power.Value { return lenient.FlagOf(string(text)).Value() }

// sensors maps the two thermometers, which count degrees Celsius.
func sensors(t Temps) []power.Sensor {
	var known []power.Sensor
	for _, s := range []power.Sensor{
		{ID: "board", Kind: "internal", Temperature: power.Celsius(t.Board.Number)},
		{ID: "mcu", Kind: "internal", Temperature: power.Celsius(t.MCU.Number)},
	} {
		if s.Temperature.Present() {
			known = append(known, s)
		}
	}
	return known
}
