package probe

import (
	"testing"

	"power_exporter/power"
)

// TestVoltsAndAmperes shows what is said of devices that do not tell their power
// or their charge: nothing that was not read.
func TestVoltsAndAmperes(t *testing.T) {
	t.Parallel()
	volts := func(v float64) power.Value { return power.Volts(power.Of(v)) }
	amperes := func(a float64) power.Value { return power.Amperes(power.Of(a)) }
	at := func(v, a float64) power.Electrical { return power.Electrical{Voltage: volts(v), Current: amperes(a)} }
	span := func(low, high float64) Span { return Span{volts(low), volts(high)} }
	outlets := func(all ...power.Electrical) (found []power.Outlet) {
		for _, e := range all {
			found = append(found, power.Outlet{Electrical: e})
		}
		return found
	}
	battery := []power.Battery{{Voltage: volts(52.3)}, {Voltage: volts(52.1)}, {}}
	inlets := []power.Inlet{{Electrical: at(230, 2)}, {Electrical: at(0, 0)}}
	for _, c := range []struct {
		name    string
		devices []power.Device
		want    Summary
	}{
		{
			"outlets at one voltage, and one that is off",
			[]power.Device{{Up: true, Outlets: outlets(at(48.1, 1.5), at(48, 2), at(0, 0)), Batteries: battery}},
			Summary{Volts: span(48, 48.1), Amperes: amperes(3.5), BatteryVolts: span(52.1, 52.3)},
		},
		{"outlets at several", []power.Device{{Up: true, Outlets: outlets(at(48, 1.5), at(12, 2))}}, Summary{Volts: span(12, 48)}},
		{
			"an output, and what hangs on it",
			[]power.Device{{Up: true, Outputs: []power.Output{{Electrical: power.Electrical{Voltage: volts(48)}}}, Outlets: outlets(at(24, 1))}},
			Summary{Volts: span(48, 48), Amperes: amperes(1)},
		},
		{"inlets", []power.Device{{Up: true, States: power.StatesOf(), Inlets: inlets}}, Summary{Volts: span(230, 230), Amperes: amperes(2)}},
		{"two devices", []power.Device{{Up: true, Outlets: outlets(at(48, 1))}, {Up: true, Outlets: outlets(at(12, 1))}}, Summary{Volts: span(12, 48)}},
		{
			"power and charge say more",
			[]power.Device{{Up: true, Outputs: []power.Output{{Electrical: power.Electrical{Voltage: volts(48), ActivePower: power.Watts(power.Of(9))}}}, Batteries: []power.Battery{{Voltage: volts(52), Charge: power.Percent(power.Of(7))}}}},
			Summary{Power: power.Watts(power.Of(9)), Charge: power.Percent(power.Of(7))},
		},
		{"nothing at all", []power.Device{{Up: true}}, Summary{}},
	} {
		c.want.Devices, c.want.Up = len(c.devices), len(c.devices)
		equal(t, c.name, Summarize(c.devices), c.want)
	}
}
