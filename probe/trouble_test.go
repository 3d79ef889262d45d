package probe

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"power_exporter/power"
)

// TestTroubleInWords shows which readings are trouble, and what is said of them.
func TestTroubleInWords(t *testing.T) {
	t.Parallel()
	percent := func(p float64) power.Value { return power.Percent(power.Of(p)) }
	seconds := func(s float64) power.Value { return power.Seconds(power.Of(s)) }
	volts := func(v float64) power.Value { return power.Volts(power.Of(v)) }
	yes, no := power.Boolean(true), power.Boolean(false)
	states := func(all ...power.State) power.Device {
		return power.Device{ID: "u", Up: true, States: power.StatesOf(all...)}
	}
	left := func(d power.Device, charge, runtime power.Value) power.Device {
		d.Batteries = []power.Battery{{Charge: percent(99), Runtime: seconds(99999)}, {
			Charge: charge, Runtime: runtime, ChargeLimits: power.Limits{LowCritical: percent(20)}, RuntimeLimits: power.Limits{LowCritical: seconds(300)},
		}}
		return d
	}
	for _, c := range []struct {
		device power.Device
		want   string // with ! in front if it is urgent
	}{
		{states(power.StateOnLine, power.StateCharging, power.StateTrim, "unheard_of"), ""},
		{states(), ""},
		{power.Device{ID: "u", Up: true}, ""},
		{power.Device{ID: "u"}, "down"},
		{left(power.Device{ID: "u", States: power.StatesOf(power.StateOnBattery, power.StateLowBattery)}, percent(1), seconds(1)), "down"},

		{left(states(power.StateOnBattery, power.StateLowBattery), percent(11), seconds(74)), "!on battery, low, 11 %, 74 s left"},
		{left(states(power.StateOnBattery), percent(80), seconds(1500)), "on battery, 80 %, 25 min left"},
		{left(states(power.StateOnBattery), percent(80), seconds(9000)), "on battery, 80 %, 2 h left"},
		{states(power.StateOnBattery), "on battery"},
		{states(power.StateOnBattery, power.StateTest), ""},
		{states(power.StateOnBattery, power.StateCalibration), ""},
		{left(states(power.StateOnLine, power.StateLowBattery), percent(15), power.Value{}), "!battery low, 15 %, 28 h left"},
		{left(states(power.StateOnLine), percent(15), seconds(60)), "battery at 15 %, below its limit of 20 %, 60 s of runtime, below its limit of 5 min"},
		{left(states(power.StateOnLine), percent(20), seconds(300)), ""},
		{
			states(power.StateForcedShutdown, power.StateOverload, power.StateOff, power.StateBypass, power.StateAlarm, power.StateNoComm, power.StateReplaceBattery, power.StateHighBattery),
			"!being switched off, overload, off, on bypass, alarm, its server does not hear from it, battery to be replaced, battery voltage too high",
		},
		{states(power.StateOverload), "!overload"},

		{power.Device{Up: true, Batteries: []power.Battery{{Voltage: volts(45.91), VoltageLimits: power.Limits{LowCritical: volts(46)}}}}, "battery at 45.91 V, below its limit of 46 V"},
		{power.Device{Up: true, Inlets: []power.Inlet{{ID: "1", Electrical: power.Electrical{Voltage: volts(9.9)}}, {ID: "2", Name: "feed B", Lines: []power.Line{{ID: "L1", Electrical: power.Electrical{Voltage: volts(0)}}}}}}, "no voltage at inlet 1, no voltage at inlet 2 (feed B)"},
		{power.Device{Up: true, Inlets: []power.Inlet{{ID: "1", Electrical: power.Electrical{Voltage: volts(10)}}, {ID: "2", Lines: []power.Line{{ID: "N", Electrical: power.Electrical{Voltage: volts(0)}}}}}}, ""},
		{power.Device{Up: true, States: power.StatesOf(power.StateOnLine), Inlets: []power.Inlet{{ID: "1", Electrical: power.Electrical{Voltage: volts(0)}}}}, ""},
		{power.Device{Up: true, Inlets: []power.Inlet{{ID: "1", ATS: []power.ATSInlet{{ID: "A"}}, Electrical: power.Electrical{Voltage: volts(0)}}}}, ""},
		{power.Device{Up: true, Outputs: []power.Output{{ID: "1", Electrical: power.Electrical{Load: percent(104)}}}}, "!load 104 % at output 1"},
		{power.Device{Up: true, Outputs: []power.Output{{ID: "1", Lines: []power.Line{{Electrical: power.Electrical{Load: percent(50)}}, {Electrical: power.Electrical{Load: percent(120)}}}}}}, "!load 120 % at output 1"},
		{power.Device{Up: true, Outlets: []power.Outlet{{ID: "1", Electrical: power.Electrical{Load: percent(91), Limits: &power.ElectricalLimits{Load: power.Limits{HighCritical: percent(90)}}}}}}, "!load 91 % at outlet 1"},
		{power.Device{Up: true, Inlets: []power.Inlet{{ID: "1", Electrical: power.Electrical{Load: percent(100)}}}}, ""},
		{power.Device{Up: true, Circuits: []power.Circuit{{ID: "1", BreakerClosed: yes}, {ID: "2", BreakerClosed: no}, {ID: "3"}}}, "!breaker of circuit 2 open"},
		{power.Device{Up: true, Outlets: []power.Outlet{{ID: "1", RelayHealthy: yes}, {ID: "2", RelayHealthy: no, Name: "core"}}}, "relay of outlet 2 (core) failed"},
		{power.Device{Up: true, SurgeProtectionActive: no}, "surge protection used up"},
		{power.Device{Up: true, SurgeProtectionActive: yes}, ""},
		{power.Device{Up: true, Alarms: []power.Alarm{{ID: "1", Name: "leak", Active: yes, Code: "7"}, {ID: "2", Active: no}, {ID: "3", Active: yes, Code: "53"}}}, "alarm 1 (leak)"},
	} {
		got := troubleOf(&c.device)
		text := got.Reason
		if got.Urgent {
			text = "!" + text
		}
		if text != c.want {
			t.Errorf("%+v: %q, want %q", c.device.States, text, c.want)
		}
	}
}

// TestTroublesAreBounded shows that the most urgent ones are kept of many, and
// of one device with many reasons only the first.
func TestTroublesAreBounded(t *testing.T) {
	t.Parallel()
	var many []power.Device
	for i := range 30 {
		many = append(many, power.Device{ID: fmt.Sprintf("d%02d", i), Name: "rack"})
	}
	many[25] = power.Device{ID: "d25", Name: "d25", Up: true, States: power.StatesOf(power.StateOverload)}
	many[26].Up = true
	s := Summarize(many)
	if s.Troubled != 29 || len(s.Troubles) != maxTroubles || !s.Urgent() {
		t.Errorf("%d in trouble, and %+v", s.Troubled, s.Troubles)
	}
	equal(t, "the first ones", s.Troubles[:2], []Trouble{{"d25", "overload", true}, {"d01 (rack)", "down", false}})
	var wide power.Device
	wide.Up = true
	for i := range 40 {
		wide.Circuits = append(wide.Circuits, power.Circuit{ID: strconv.Itoa(i), BreakerClosed: power.Boolean(false)})
	}
	if got := troubleOf(&wide).Reason; strings.Count(got, "breaker") != maxReasons {
		t.Error(got)
	}
}
