package emssim

// Quantity is what an si of these models stands for.
type Quantity struct {
	SI   int
	Name string // as "active_power"
	Line string // "L1"; "" is the whole load
	Unit string // of the values: V, A, W, VA, kWh, Hz, or "" of a ratio
}

// Quantities lists the si of the models. The vendor does not publish the table:
// all are invented, of which 29 and 30 at least go with the values of the
// document's sample, 230.4 and 2.5. An si that is not listed has no meaning that
// anybody knows.
func Quantities() []Quantity {
	return []Quantity{
		{29, "voltage", "L1", "V"},
		{30, "current", "L1", "A"},
		{31, "active_power", "L1", "W"},
		{41, "voltage", "L2", "V"},
		{42, "current", "L2", "A"},
		{43, "active_power", "L2", "W"},
		{51, "voltage", "L3", "V"},
		{52, "current", "L3", "A"},
		{53, "active_power", "L3", "W"},
		{60, "active_power", "", "W"},
		{61, "apparent_power", "", "VA"},
		{62, "power_factor", "", ""},
		{63, "frequency", "", "Hz"},
		{70, "energy", "", "kWh"},
		{71, "exported_energy", "", "kWh"},
	}
}
