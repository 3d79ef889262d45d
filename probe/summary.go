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
			s.Charge = lower(s.Charge, d.Batteries[j].Charge)
		}
	}
	return s
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
