package power

// Battery is one battery or string of batteries of a UPS.
type Battery struct {
	ID   string
	Name string

	Kind         string // chemistry
	Manufactured string // date, as the device writes it
	Replaced     string // date, as the device writes it

	Charge        Value // ratio
	ChargeLimits  Limits
	Runtime       Value // seconds left at the present load
	RuntimeLimits Limits

	Voltage        Value // volts
	VoltageNominal Value // volts
	VoltageLimits  Limits
	Current        Value // amperes; negative flows out of the battery where the device tells
	Temperature    Value // degrees Celsius

	Cells []Cell
}

// Cell is one cell or block of a battery.
type Cell struct {
	ID      string
	Voltage Value // volts
}
