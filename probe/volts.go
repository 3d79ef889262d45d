package probe

import (
	"power_exporter/power"
)

// Span is the lowest and the highest of several readings of the same quantity;
// both are absent if there is none.
type Span struct{ Low, High power.Value }

// with is the span with one more reading, if it is there.
func (s Span) with(v power.Value) Span { return Span{lower(s.Low, v), higher(s.High, v)} }

// join is the span of both.
func (s Span) join(o Span) Span { return Span{lower(s.Low, o.Low), higher(s.High, o.High)} }

// supply is the voltages of what a device gives, or else of what it takes, and
// the amperes of that. Amperes are added up only at one voltage, since nothing
// can be said of the sum otherwise.
func supply(d *power.Device) (volts Span, amperes power.Value) {
	var outputs, outlets, inlets class
	for i := range d.Outputs {
		outputs.add(&d.Outputs[i].Electrical)
	}
	for i := range d.Outlets {
		outlets.add(&d.Outlets[i].Electrical)
	}
	for i := range d.Inlets {
		inlets.add(&d.Inlets[i].Electrical)
	}
	for _, c := range []class{outputs, outlets, inlets} {
		if !volts.Low.Present() {
			volts = c.volts
		}
		if !amperes.Present() && c.oneVoltage() {
			amperes = c.amperes
		}
	}
	return volts, amperes
}

// class is the points of one kind of a device.
type class struct {
	volts   Span
	amperes power.Value
}

// add adds a point. One that is off has 0 V, which is no voltage that it gives.
func (c *class) add(e *power.Electrical) {
	if volts, ok := e.Voltage.Get(); ok && volts > 0 {
		c.volts = c.volts.with(e.Voltage)
	}
	x, some := c.amperes.Get()
	y, more := e.Current.Get()
	if some && more {
		c.amperes = power.Amperes(power.Of(x + y))
	} else {
		c.amperes = c.amperes.Or(e.Current)
	}
}

// oneVoltage reports whether the points are all at about the same voltage.
func (c *class) oneVoltage() bool {
	low, known := c.volts.Low.Get()
	high, _ := c.volts.High.Get()
	return known && high-low <= high/10
}

// higher is the higher one of two readings that are there.
func higher(a, b power.Value) power.Value {
	x, some := a.Get()
	y, more := b.Get()
	if some && more && y > x {
		return b
	}
	return a.Or(b)
}
