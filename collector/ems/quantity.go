package ems

import (
	"math"

	"power_exporter/power"
)

// Quantity is what a value is of.
type Quantity string

// The quantities, whose base units are those of [power.Electrical].
const (
	Voltage        Quantity = "voltage"         // volts
	Current        Quantity = "current"         // amperes
	Frequency      Quantity = "frequency"       // hertz
	ActivePower    Quantity = "active_power"    // watts
	ApparentPower  Quantity = "apparent_power"  // volt-amperes
	ReactivePower  Quantity = "reactive_power"  // volt-amperes reactive
	PowerFactor    Quantity = "power_factor"    // ratio, -1 to 1
	Energy         Quantity = "energy"          // joules consumed, a counter
	ExportedEnergy Quantity = "exported_energy" // joules given back, a counter
)

// set puts a number in base units where the quantity belongs. It reports
// whether there is such a quantity.
func (q Quantity) set(e *power.Electrical, n power.Number) bool {
	switch q {
	case Voltage:
		e.Voltage = power.Volts(n)
	case Current:
		e.Current = power.Amperes(n)
	case Frequency:
		e.Frequency = power.Hertz(n)
	case ActivePower:
		e.ActivePower = power.Watts(n)
	case ApparentPower:
		e.ApparentPower = power.VoltAmperes(n)
	case ReactivePower:
		e.ReactivePower = power.VoltAmperesReactive(n)
	case PowerFactor:
		e.PowerFactor = power.Ratio(n)
	case Energy:
		e.Energy = power.Joules(n)
	case ExportedEnergy:
		e.ExportedEnergy = power.Joules(n)
	default:
		return false
	}
	return true
}

// known reports whether there is such a quantity.
func (q Quantity) known() bool { return q.set(&power.Electrical{}, power.Number{}) }

// scaled is a value in base units. Where a base unit holds a whole number of
// what the EMS counts it divides, because 2304/10 is 230.4 and 2304*0.1 is not.
func (s Signal) scaled(n power.Number) power.Number {
	v, ok := power.Raw(n).Get()
	if !ok || s.Scale == 0 {
		return n
	}
	if parts := 1 / s.Scale; math.Abs(s.Scale) < 1 && parts == math.Trunc(parts) {
		return power.Of(v / parts)
	}
	return power.Of(v * s.Scale)
}
