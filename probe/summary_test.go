package probe

import (
	"testing"

	"power_exporter/power"
)

func TestSummarize(t *testing.T) {
	watts := func(w float64) power.Electrical { return power.Electrical{ActivePower: power.Watts(power.Of(w))} }
	line := func(w float64) power.Line { return power.Line{Electrical: watts(w)} }
	voltage := power.Electrical{Voltage: power.Volts(power.Of(230.0))}
	// Each part holds those behind it, and is what counts if it tells.
	whole := power.Device{
		Up:       true,
		Inlets:   []power.Inlet{{Electrical: watts(100)}, {Electrical: voltage, Lines: []power.Line{line(30), line(20), {}}}},
		Outputs:  []power.Output{{Electrical: watts(90)}, {Lines: []power.Line{line(3)}}},
		Circuits: []power.Circuit{{Electrical: watts(80), Lines: []power.Line{line(1000)}}},
		Outlets:  []power.Outlet{{Electrical: watts(70)}, {Electrical: watts(5)}, {}},
	}
	noInlets, noOutputs, onlyOutlets := whole, whole, whole
	noInlets.Inlets = []power.Inlet{{Electrical: voltage}}
	noOutputs.Inlets, noOutputs.Outputs = nil, nil
	onlyOutlets.Inlets, onlyOutlets.Outputs, onlyOutlets.Circuits = nil, nil, nil
	battery := func(percent ...float64) power.Device {
		d := power.Device{Up: true}
		for _, p := range percent {
			d.Batteries = append(d.Batteries, power.Battery{Charge: power.Percent(power.Of(p))})
		}
		d.Batteries = append(d.Batteries, power.Battery{})
		return d
	}
	streamed := power.Device{Streamed: power.Boolean(true), Up: true}
	silent := power.Device{Streamed: power.Boolean(false), Up: true}
	for _, c := range []struct {
		name    string
		devices []power.Device
		want    Summary
	}{
		{"nothing", nil, Summary{}},
		{"one that is down", []power.Device{{ID: "a"}}, Summary{Devices: 1, Troubled: 1, Troubles: []Trouble{{Device: "a", Reason: "down"}}}},
		{"inlets", []power.Device{whole}, Summary{Devices: 1, Up: 1, Power: power.Watts(power.Of(150))}},
		{"outputs", []power.Device{noInlets}, Summary{Devices: 1, Up: 1, Power: power.Watts(power.Of(93))}},
		{"circuits", []power.Device{noOutputs}, Summary{Devices: 1, Up: 1, Power: power.Watts(power.Of(80))}},
		{"outlets", []power.Device{onlyOutlets}, Summary{Devices: 1, Up: 1, Power: power.Watts(power.Of(75))}},
		{"several", []power.Device{whole, {Up: true}, onlyOutlets}, Summary{Devices: 3, Up: 3, Power: power.Watts(power.Of(225))}},
		{"zero watts are watts", []power.Device{{Up: true, Outlets: []power.Outlet{{Electrical: watts(0)}}}}, Summary{Devices: 1, Up: 1, Power: power.Watts(power.Of(0))}},
		{"the lowest charge", []power.Device{battery(90), battery(), battery(40, 30, 100)}, Summary{Devices: 3, Up: 3, Charge: power.Percent(power.Of(30))}},
		{"streamed", []power.Device{silent, streamed}, Summary{Devices: 2, Up: 2, Streamed: true}},
		{"a silent stream", []power.Device{silent}, Summary{Devices: 1, Up: 1}},
	} {
		equal(t, c.name, Summarize(c.devices), c.want)
	}
}
