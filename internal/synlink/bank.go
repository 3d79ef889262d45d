package synlink

import (
	"cmp"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Bank is the Bank Object: a circuit of the unit, with its outlets.
type Bank struct {
	ID              lenient.Text `json:"id"` // number or text
	InletID         lenient.Text `json:"inletId"`
	BankName        lenient.Text `json:"bankName"`
	BankLines       lenient.Text `json:"bankLines"`       // "L1-L2"
	FirmwareVersion lenient.Text `json:"firmwareVersion"` // of the circuit's own board
	HardwareVersion lenient.Text `json:"hardwareVersion"`

	CurrentRms         power.Number `json:"currentRms"`         // amperes
	VoltageRms         power.Number `json:"voltageRms"`         // volts
	LineFrequency      power.Number `json:"lineFrequency"`      // hertz, though the text says GHz
	PowerFactor        power.Number `json:"powerFactor"`        // ratio with a sign
	ActivePower        power.Number `json:"activePower"`        // watts, see device
	ApparentPower      power.Number `json:"apparentPower"`      // volt-amperes
	EnergyAccumulation power.Number `json:"energyAccumulation"` // kWh

	HasCircuitBreakerProtection lenient.Flag `json:"hasCircuitBreakerProtection"`
	CircuitBreakerClosed        lenient.Flag `json:"circuitBreakerClosed"` // also true where there is no breaker
}

// DecodeBanks reads what GET /api/banks answers. The list is not nil unless
// there is an error.
func DecodeBanks(data []byte) ([]Bank, error) { return decodeList[Bank]("a bank", "banks", data) }

func (b Bank) key() string { return b.ID.String() }

// describedBy takes what the bank is from an answer of the same bank; what it
// reads stays as it is.
func (b Bank) describedBy(answer Bank) Bank {
	b.InletID = cmp.Or(b.InletID, answer.InletID)
	b.BankName = cmp.Or(b.BankName, answer.BankName)
	b.BankLines = cmp.Or(b.BankLines, answer.BankLines)
	b.FirmwareVersion = cmp.Or(b.FirmwareVersion, answer.FirmwareVersion)
	b.HardwareVersion = cmp.Or(b.HardwareVersion, answer.HardwareVersion)
	b.HasCircuitBreakerProtection = cmp.Or(b.HasCircuitBreakerProtection, answer.HasCircuitBreakerProtection)
	return b
}

// device maps the bank at an index of the list.
//
// The document says that activePower is in kilowatts, and its own sample of the
// stream that it is in watts: 0.0074 A at 117.1 V are 0.866 VA, which
// apparentPower has as 0.86 beside an activePower of 0.4; in kilowatts that
// would be more than 400 times as much. The inlet of the sample has the same
// 0.4 in a member documented as watts, and event 39 takes its threshold for
// this power in watts.
func (b Bank) device(index int) power.Circuit {
	circuit := power.Circuit{
		ID:       numbered(b.ID.String(), index),
		Name:     b.BankName.String(),
		Inlet:    b.InletID.String(),
		Wiring:   b.BankLines.String(),
		Firmware: b.FirmwareVersion.String(),
		Hardware: b.HardwareVersion.String(),
		Electrical: power.Electrical{
			Current:       power.Amperes(b.CurrentRms),
			Voltage:       power.Volts(b.VoltageRms),
			Frequency:     power.Hertz(b.LineFrequency),
			PowerFactor:   power.Ratio(b.PowerFactor),
			ActivePower:   power.Watts(b.ActivePower),
			ApparentPower: power.VoltAmperes(b.ApparentPower),
			Energy:        power.KilowattHours(b.EnergyAccumulation),
		},
	}
	// Without a breaker the member is there all the same, and true.
	if b.HasCircuitBreakerProtection.True() {
		circuit.BreakerClosed = b.CircuitBreakerClosed.Value()
	}
	return circuit
}
