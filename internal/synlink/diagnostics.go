package synlink

import "power_exporter/power"

// Diagnostics is the one member that is documented of what GET
// /api/diagnostics answers, under "Calculate Month To Date (MTD) kWh".
type Diagnostics struct {
	LifetimeInletEnergyAccumulation power.Number `json:"lifetimeInletEnergyAccumulation"` // kWh, never reset
}

// DecodeDiagnostics reads what GET /api/diagnostics answers.
func DecodeDiagnostics(data []byte) (Diagnostics, error) {
	var diagnostics Diagnostics
	err := decodeObject(data, &diagnostics)
	return diagnostics, err
}
