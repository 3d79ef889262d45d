package nut

import (
	"strings"

	"power_exporter/power"
)

// setElectrical gives a point the reading that a quantity of its names, and
// says whether there is such a quantity. The quantities are those that
// nut-names.txt allows with and without a phase; the minima, maxima and peaks
// that some devices keep are not among them, since nobody knows since when.
func setElectrical(e *power.Electrical, quantity string, n power.Number) bool {
	switch quantity {
	case "voltage":
		e.Voltage = power.Volts(n)
	case "voltage.nominal":
		e.VoltageNominal = power.Volts(n)
	case "current":
		e.Current = power.Amperes(n)
	case "current.nominal":
		e.CurrentNominal = power.Amperes(n)
	case "frequency":
		e.Frequency = power.Hertz(n)
	case "frequency.nominal":
		e.FrequencyNominal = power.Hertz(n)
	case "powerfactor":
		e.PowerFactor = power.Ratio(n)
	case "load", "power.percent":
		e.Load = power.Percent(n)
	case "realpower":
		e.ActivePower = power.Watts(n)
	case "realpower.nominal":
		e.ActivePowerNominal = power.Watts(n)
	case "power":
		e.ApparentPower = power.VoltAmperes(n)
	case "power.nominal":
		e.ApparentPowerNominal = power.VoltAmperes(n)
	default:
		return setElectricalLimit(e, quantity, n)
	}
	return true
}

// setElectricalLimit does the same for a threshold such as
// "current.high.warning".
func setElectricalLimit(e *power.Electrical, quantity string, n power.Number) bool {
	what, threshold, _ := strings.Cut(quantity, ".")
	var limits power.ElectricalLimits
	if e.Limits != nil {
		limits = *e.Limits
	}
	var ok bool
	switch what {
	case "voltage":
		ok = setLimit(&limits.Voltage, threshold, power.Volts(n))
	case "current":
		ok = setLimit(&limits.Current, threshold, power.Amperes(n))
	case "frequency":
		ok = setLimit(&limits.Frequency, threshold, power.Hertz(n))
	case "realpower":
		ok = setLimit(&limits.ActivePower, threshold, power.Watts(n))
	case "load":
		ok = setLimit(&limits.Load, threshold, power.Percent(n))
	}
	if ok {
		e.Limits = &limits
	}
	return ok
}

// setLimit sets one threshold and says whether there is one of that name. A
// bare "low" or "high" is the critical one, since nut-names.txt gives both the
// same example; where a device has both, the one that says so comes later in
// the order of names, and wins.
func setLimit(l *power.Limits, threshold string, v power.Value) bool {
	switch threshold {
	case "low", "low.critical":
		l.LowCritical = v
	case "low.warning":
		l.LowWarning = v
	case "high.warning":
		l.HighWarning = v
	case "high", "high.critical":
		l.HighCritical = v
	default:
		return false
	}
	return true
}
