package synlink

import (
	"cmp"
	"strings"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Outlet is the Outlet Object, of which a group has a shorter form.
type Outlet struct {
	ID           lenient.Text `json:"id"` // "1-16777225", with the bank's id
	OutletName   lenient.Text `json:"outletName"`
	OutletIndex  lenient.Text `json:"outletIndex"`
	BankID       lenient.Text `json:"bankId"` // number or text
	Receptacle   lenient.Text `json:"receptacle"`
	PwrOnState   lenient.Text `json:"pwrOnState"`   // "ON", "OFF" or "PREV"
	RebootStatus lenient.Text `json:"rebootStatus"` // "none", "pendingOff" or "pendingOn"; not in a frame

	CircuitVoltage power.Number `json:"circuitVoltage"` // volts of the outlet's bank; not in a frame
	CurrentRms     power.Number `json:"currentRms"`     // amperes; missing where outlets only switch
	Watts          power.Number `json:"watts"`          // in groups only

	State            lenient.Flag `json:"state"` // "ON" or "OFF"; missing where outlets only measure
	VoltageDetection lenient.Flag `json:"voltageDetection"`
	RelayHealth      lenient.Text `json:"relayHealth"` // "OK" or "Failed"
}

// DecodeOutlets reads what GET /api/outlets answers. The list is not nil unless
// there is an error.
func DecodeOutlets(data []byte) ([]Outlet, error) {
	return decodeList[Outlet]("an outlet", "outlets", data)
}

// key is the outlet's id, or its number where it has no id.
func (o Outlet) key() string { return cmp.Or(o.ID.String(), o.OutletIndex.String()) }

// describedBy takes what the outlet is from an answer of the same outlet; what
// it reads stays as it is.
func (o Outlet) describedBy(answer Outlet) Outlet {
	o.OutletName = cmp.Or(o.OutletName, answer.OutletName)
	o.BankID = cmp.Or(o.BankID, answer.BankID)
	o.Receptacle = cmp.Or(o.Receptacle, answer.Receptacle)
	o.PwrOnState = cmp.Or(o.PwrOnState, answer.PwrOnState)
	return o
}

// device maps the outlet at an index of the list, whose watts a group says.
func (o Outlet) device(index int, watts power.Number) power.Outlet {
	return power.Outlet{
		ID:           numbered(o.key(), index),
		Name:         o.OutletName.String(),
		Circuit:      o.BankID.String(),
		Receptacle:   o.Receptacle.String(),
		PowerOnState: o.PwrOnState.String(),
		Electrical: power.Electrical{
			Voltage:     power.Volts(o.CircuitVoltage),
			Current:     power.Amperes(o.CurrentRms),
			ActivePower: power.Watts(watts),
		},
		On:             o.State.Value(),
		VoltagePresent: o.VoltageDetection.Value(),
		RelayHealthy:   either(o.RelayHealth, []string{"ok"}, []string{"failed"}),
		RebootPending:  either(o.RebootStatus, []string{"pendingoff", "pendingon"}, []string{"none"}),
	}
}

// either is 1 for one of the words that say so, 0 for one of those that say it
// is not, and absent for any other, all in any case.
func either(text lenient.Text, yes, no []string) power.Value {
	for _, words := range []struct {
		is   bool
		list []string
	}{{true, yes}, {false, no}} {
		for _, word := range words.list {
			if strings.EqualFold(text.String(), word) {
				return power.Boolean(words.is)
			}
		}
	}
	return power.Value{}
}
