package probe

import (
	"power_exporter/power"
)

// Summary is a reading in a few numbers.
type Summary struct {
	Devices  int
	Up       int         // those of the devices that are up
	Streamed bool        // at least one device is read from its stream
	Power    power.Value // watts of all devices that tell
	Charge   power.Value // ratio, of the battery with the lowest charge

	// Volts and Amperes are what the devices give, or else take, where none
	// tells its power; the amperes only of one device. BatteryVolts are of the
	// batteries, where none tells its charge.
	Volts        Span
	Amperes      power.Value
	BatteryVolts Span

	Troubled   int       // devices that are in trouble
	Troubles   []Trouble // what the most urgent of them have, at most 10
	LowBattery bool      // a battery is low, by its device's own account
}

// Summarize is the devices in a few numbers.
func Summarize(devices []power.Device) Summary {
	s := Summary{Devices: len(devices)}
	for i := range devices {
		d := &devices[i]
		if d.Up {
			s.Up++
		}
		if streamed, _ := d.Streamed.Get(); streamed == 1 {
			s.Streamed = true
		}
		s.Power = plus(s.Power, activePower(d))
		for j := range d.Batteries {
			b := &d.Batteries[j]
			s.Charge = lower(s.Charge, b.Charge)
			s.BatteryVolts = s.BatteryVolts.with(b.Voltage)
		}
		volts, amperes := supply(d)
		s.Volts = s.Volts.join(volts)
		if len(devices) == 1 {
			s.Amperes = amperes
		}
		s.LowBattery = s.LowBattery || lowBattery(d)
	}
	if s.Power.Present() {
		s.Volts, s.Amperes = Span{}, power.Value{}
	}
	if s.Charge.Present() {
		s.BatteryVolts = Span{}
	}
	s.keepTroubles(devices)
	return s
}

// lowBattery reports whether a device says that its battery is low.
func lowBattery(d *power.Device) bool {
	for state, holds := range d.States.All() {
		if state == power.StateLowBattery {
			return holds
		}
	}
	return false
}

// activePower is what a device takes in watts, or where it does not tell, what
// it gives: that of its inlets, else of its outputs, circuits or outlets. Each
// of these holds the next, so that only one of them counts.
func activePower(d *power.Device) power.Value {
	var inlets, outputs, circuits, outlets power.Value
	for i := range d.Inlets {
		inlets = plus(inlets, ofPoint(&d.Inlets[i].Electrical, d.Inlets[i].Lines))
	}
	for i := range d.Outputs {
		outputs = plus(outputs, ofPoint(&d.Outputs[i].Electrical, d.Outputs[i].Lines))
	}
	for i := range d.Circuits {
		circuits = plus(circuits, ofPoint(&d.Circuits[i].Electrical, d.Circuits[i].Lines))
	}
	for i := range d.Outlets {
		outlets = plus(outlets, d.Outlets[i].ActivePower)
	}
	return inlets.Or(outputs).Or(circuits).Or(outlets)
}

// ofPoint is the active power of a point in watts: its own, or that of its
// lines.
func ofPoint(e *power.Electrical, lines []power.Line) power.Value {
	var sum power.Value
	for i := range lines {
		sum = plus(sum, lines[i].ActivePower)
	}
	return e.ActivePower.Or(sum)
}

// plus is the sum of two powers in watts; one that is absent adds nothing.
func plus(a, b power.Value) power.Value {
	x, some := a.Get()
	y, more := b.Get()
	if !some || !more {
		return a.Or(b)
	}
	return power.Watts(power.Of(x + y))
}

// lower is the lower one of two readings that are there.
func lower(a, b power.Value) power.Value {
	x, some := a.Get()
	y, more := b.Get()
	if some && more && y < x {
		return b
	}
	return a.Or(b)
}
