package power

// Electrical is what can be read at any point where electricity passes: an
// inlet, one of its lines, a circuit, an output, an outlet. Each field is
// absent unless the device reports it; nothing is computed.
type Electrical struct {
	Voltage        Value // volts, RMS for AC
	VoltageNominal Value // volts
	Current        Value // amperes, RMS for AC
	CurrentNominal Value // amperes

	Frequency        Value // hertz
	FrequencyNominal Value // hertz
	PowerFactor      Value // ratio, -1 to 1
	Load             Value // ratio of the rated capacity in use; above 1 is overload

	ActivePower          Value // watts; negative flows towards the source
	ActivePowerNominal   Value // watts
	ApparentPower        Value // volt-amperes
	ApparentPowerNominal Value // volt-amperes
	ReactivePower        Value // volt-amperes reactive

	Energy         Value // joules consumed, a counter
	ExportedEnergy Value // joules given back to the source, a counter

	// Limits is nil for the many points that have none.
	Limits *ElectricalLimits
	// Extremes is nil for all points but those of a device whose readings are
	// streamed.
	Extremes *Extremes
}

// Or takes from the fallback every reading that e does not have.
func (e Electrical) Or(fallback Electrical) Electrical {
	e.Voltage = e.Voltage.Or(fallback.Voltage)
	e.VoltageNominal = e.VoltageNominal.Or(fallback.VoltageNominal)
	e.Current = e.Current.Or(fallback.Current)
	e.CurrentNominal = e.CurrentNominal.Or(fallback.CurrentNominal)
	e.Frequency = e.Frequency.Or(fallback.Frequency)
	e.FrequencyNominal = e.FrequencyNominal.Or(fallback.FrequencyNominal)
	e.PowerFactor = e.PowerFactor.Or(fallback.PowerFactor)
	e.Load = e.Load.Or(fallback.Load)
	e.ActivePower = e.ActivePower.Or(fallback.ActivePower)
	e.ActivePowerNominal = e.ActivePowerNominal.Or(fallback.ActivePowerNominal)
	e.ApparentPower = e.ApparentPower.Or(fallback.ApparentPower)
	e.ApparentPowerNominal = e.ApparentPowerNominal.Or(fallback.ApparentPowerNominal)
	e.ReactivePower = e.ReactivePower.Or(fallback.ReactivePower)
	e.Energy = e.Energy.Or(fallback.Energy)
	e.ExportedEnergy = e.ExportedEnergy.Or(fallback.ExportedEnergy)
	if e.Limits == nil {
		e.Limits = fallback.Limits
	}
	if e.Extremes == nil {
		e.Extremes = fallback.Extremes
	}
	return e
}

// Extremes are the highest and the lowest reading of a point among all that
// its device streamed within a sliding window. Whoever reads the stream keeps
// them, not the device, so it is known since when.
type Extremes struct {
	CurrentPeak       Value // amperes
	CurrentTrough     Value // amperes
	ActivePowerPeak   Value // watts
	ActivePowerTrough Value // watts
}

// ElectricalLimits are the thresholds configured in the device for the
// quantities of one point, each in the quantity's own unit.
type ElectricalLimits struct {
	Voltage     Limits // volts
	Current     Limits // amperes
	Frequency   Limits // hertz
	ActivePower Limits // watts
	Load        Limits // ratio of the rated capacity
}

// Limits are the thresholds of one quantity, in that quantity's unit.
type Limits struct {
	LowCritical  Value
	LowWarning   Value
	HighWarning  Value
	HighCritical Value
}

// Line is one conductor, or a pair of them, of a point with several: its id is
// L1, L2, L3, N, L1-N, L1-L2 and so on. A point's own readings and those of its
// lines are never the same family, so summing over lines is safe.
type Line struct {
	ID string
	Electrical
}
