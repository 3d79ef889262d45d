package probe

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"power_exporter/power"
)

const (
	// lostVoltage is what an inlet without power may still show, in volts.
	lostVoltage = 10
	// maxReasons is how many reasons of a device are kept: a PDU may have as many
	// open breakers as circuits.
	maxReasons = 8
)

// reasons are the words for what is wrong with a device.
type reasons struct {
	words     []string
	urgent    bool
	onBattery bool // it, or that the battery is low, is among the words
}

// add adds a reason, once.
func (r *reasons) add(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if len(r.words) < maxReasons && !slices.Contains(r.words, text) {
		r.words = append(r.words, text)
	}
}

// stateWords are what is said of the states that are trouble, but for those of
// which more is known than the state.
var stateWords = []struct {
	state  power.State
	words  string
	urgent bool
}{
	{power.StateForcedShutdown, "being switched off", true},
	{power.StateOverload, "overload", true},
	{power.StateOff, "off", false},
	{power.StateBypass, "on bypass", false},
	{power.StateAlarm, "alarm", false},
	{power.StateNoComm, "its server does not hear from it", false},
	{power.StateReplaceBattery, "battery to be replaced", false},
	{power.StateHighBattery, "battery voltage too high", false},
}

// states adds what a UPS says of itself.
func (r *reasons) states(d *power.Device) {
	if !d.States.Reported() {
		return
	}
	in := maps.Collect(d.States.All())
	// While it tests itself it is on battery on purpose.
	onBattery := in[power.StateOnBattery] && !in[power.StateTest] && !in[power.StateCalibration]
	switch low := in[power.StateLowBattery]; {
	case onBattery && low:
		r.add("on battery, low")
		r.urgent = true
	case onBattery:
		r.add("on battery")
	case low:
		r.add("battery low")
		r.urgent = true
	}
	if r.onBattery = len(r.words) > 0; r.onBattery {
		r.left(d.Batteries)
	}
	for _, known := range stateWords {
		if in[known.state] {
			r.add("%s", known.words)
			r.urgent = r.urgent || known.urgent
		}
	}
}

// left adds what is left in the batteries.
func (r *reasons) left(batteries []power.Battery) {
	var charge, runtime power.Value
	for i := range batteries {
		charge, runtime = lower(charge, batteries[i].Charge), lower(runtime, batteries[i].Runtime)
	}
	if ratio, ok := charge.Get(); ok {
		r.add("%.0f %%", ratio*100)
	}
	if seconds, ok := runtime.Get(); ok {
		r.add("%s left", leftText(seconds))
	}
}

// leftText is a runtime for people, to one unit.
func leftText(seconds float64) string {
	switch {
	case seconds < 2*time.Minute.Seconds():
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 2*time.Hour.Seconds():
		return fmt.Sprintf("%d min", int(seconds/time.Minute.Seconds()))
	}
	return fmt.Sprintf("%.0f h", seconds/time.Hour.Seconds())
}

// batteries adds the limits that are configured in the device and which its
// batteries are below.
func (r *reasons) batteries(d *power.Device) {
	for i := range d.Batteries {
		b := &d.Batteries[i]
		if low, limit, ok := below(b.Charge, b.ChargeLimits.LowCritical); ok && !r.onBattery {
			r.add("battery at %.0f %%, below its limit of %.0f %%", low*100, limit*100)
		}
		if low, limit, ok := below(b.Runtime, b.RuntimeLimits.LowCritical); ok && !r.onBattery {
			r.add("%s of runtime, below its limit of %s", leftText(low), leftText(limit))
		}
		if low, limit, ok := below(b.Voltage, b.VoltageLimits.LowCritical); ok {
			r.add("battery at %s V, below its limit of %s V", short(low), short(limit))
		}
	}
}

// below reports whether a reading is less than its limit, and both.
func below(v, limit power.Value) (reading, least float64, low bool) {
	reading, known := v.Get()
	least, limited := limit.Get()
	return reading, least, known && limited && least > 0 && reading < least
}

// short is a number without needless digits.
func short(x float64) string {
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// points adds what is wrong where power enters and leaves the device.
func (r *reasons) points(d *power.Device) {
	for i := range d.Inlets {
		in := &d.Inlets[i]
		// A UPS says better what it makes of it, and a transfer switch has another.
		if !d.States.Reported() && len(in.ATS) == 0 && dead(in) {
			r.add("no voltage at inlet %s", called(in.ID, in.Name))
		}
		r.load("inlet", in.ID, in.Name, &in.Electrical, in.Lines)
	}
	for i := range d.Outputs {
		out := &d.Outputs[i]
		r.load("output", out.ID, out.Name, &out.Electrical, out.Lines)
	}
	for i := range d.Circuits {
		c := &d.Circuits[i]
		if is(c.BreakerClosed, 0) {
			r.add("breaker of circuit %s open", called(c.ID, c.Name))
			r.urgent = true
		}
		r.load("circuit", c.ID, c.Name, &c.Electrical, c.Lines)
	}
	for i := range d.Outlets {
		o := &d.Outlets[i]
		if is(o.RelayHealthy, 0) {
			r.add("relay of outlet %s failed", called(o.ID, o.Name))
		}
		r.load("outlet", o.ID, o.Name, &o.Electrical, nil)
	}
	if is(d.SurgeProtectionActive, 0) {
		r.add("surge protection used up")
	}
}

// dead reports whether there is no voltage at an inlet, or at one of its lines.
func dead(in *power.Inlet) bool {
	lost := func(v power.Value) bool {
		volts, ok := v.Get()
		return ok && volts < lostVoltage
	}
	return lost(in.Voltage) || slices.ContainsFunc(in.Lines, func(l power.Line) bool { return l.ID != "N" && lost(l.Voltage) })
}

// load adds a point that has more load than it is made for.
func (r *reasons) load(kind, id, name string, e *power.Electrical, lines []power.Line) {
	highest, over := overload(e)
	for i := range lines {
		if load, is := overload(&lines[i].Electrical); is {
			highest, over = max(highest, load), true
		}
	}
	if over {
		r.add("load %.0f %% at %s %s", highest*100, kind, called(id, name))
		r.urgent = true
	}
}

// overload is the load as a ratio, if it is more than the device's own limit, or
// than all if there is no such limit.
func overload(e *power.Electrical) (load float64, over bool) {
	load, ok := e.Load.Get()
	if !ok {
		return 0, false
	}
	if e.Limits != nil {
		if limit, limited := e.Limits.Load.HighCritical.Get(); limited && limit > 0 {
			return load, load > limit
		}
	}
	return load, load > 1
}

// scheduled are the codes of alarms that are nothing but a time of the day.
var scheduled = []string{"53", "54", "60", "61"}

// alarms adds the triggers of the device whose condition holds.
func (r *reasons) alarms(d *power.Device) {
	for i := range d.Alarms {
		a := &d.Alarms[i]
		if is(a.Active, 1) && !slices.Contains(scheduled, a.Code) {
			r.add("alarm %s", called(a.ID, a.Name))
		}
	}
}

// called is how a point is called.
func called(id, name string) string {
	if name == "" || name == id {
		return id
	}
	return id + " (" + name + ")"
}

// is reports whether a reading is there and has the value.
func is(v power.Value, value float64) bool {
	x, ok := v.Get()
	return ok && x == value
}
