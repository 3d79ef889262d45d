package synlink

import (
	"cmp"
	"strings"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Inlet is the Inlet Object. Which members it has depends on the model: the
// electrical ones are missing on three phases and on the idle inlet of a
// transfer switch.
type Inlet struct {
	ID                     lenient.Text `json:"id"`        // "I1-1000016", with the enclosure's serial number; "17374353" on older firmware
	InletType              lenient.Text `json:"inletType"` // "single", "dual" or "ats"
	InletPlug              lenient.Text `json:"inletPlug"`
	InletName              lenient.Text `json:"inletName"`
	InletPhase             lenient.Text `json:"inletPhase"`             // "Single Phase" or "Three Phase"
	InletLineConfiguration lenient.Text `json:"inletLineConfiguration"` // "L-N" or "L-L"

	InletCurrentRms         power.Number `json:"inletCurrentRms"`         // amperes
	InletVoltageRms         power.Number `json:"inletVoltageRms"`         // volts
	InletLineFrequency      power.Number `json:"inletLineFrequency"`      // hertz
	InletPowerFactor        power.Number `json:"inletPowerFactor"`        // ratio
	InletActivePower        power.Number `json:"inletActivePower"`        // watts
	InletApparentPower      power.Number `json:"inletApparentPower"`      // volt-amperes
	InletEnergyAccumulation power.Number `json:"inletEnergyAccumulation"` // kWh of all inlets together

	ThreePhaseBalance lenient.Text            `json:"threePhaseBalance"` // "80%"
	InletLines        lenient.List[InletLine] `json:"inletLines"`        // three phases only

	ATSInletID     lenient.Text `json:"atsInletId"`     // "A" or "B"; transfer switches only
	ATSInletActive lenient.Flag `json:"atsInletActive"` // it feeds the outlets
	ATSInletReady  lenient.Flag `json:"atsInletReady"`  // it has voltage
}

// InletLine is one of an inlet's three lines.
type InletLine struct {
	ID         lenient.Text `json:"id"`   // "L1-1024122712"
	Line       lenient.Text `json:"line"` // "L1"
	CurrentRms power.Number `json:"currentRms"`
}

// DecodeInlets reads what GET /api/inlets answers. The list is not nil unless
// there is an error.
func DecodeInlets(data []byte) ([]Inlet, error) { return decodeList[Inlet]("an inlet", "inlets", data) }

func (i Inlet) key() string { return i.ID.String() }

// describedBy takes what the inlet is from an answer of the same inlet; what it
// reads stays as it is.
func (i Inlet) describedBy(answer Inlet) Inlet {
	i.InletType = cmp.Or(i.InletType, answer.InletType)
	i.InletPlug = cmp.Or(i.InletPlug, answer.InletPlug)
	i.InletName = cmp.Or(i.InletName, answer.InletName)
	i.InletPhase = cmp.Or(i.InletPhase, answer.InletPhase)
	i.InletLineConfiguration = cmp.Or(i.InletLineConfiguration, answer.InletLineConfiguration)
	i.ATSInletID = cmp.Or(i.ATSInletID, answer.ATSInletID)
	return i
}

// serial is the enclosure's serial number that the id of an inlet ends in:
// "I1-1000016" is inlet 1 of unit 1000016.
func (i Inlet) serial() string {
	inlet, serial, _ := strings.Cut(i.ID.String(), "-")
	number, ok := strings.CutPrefix(inlet, "I")
	if !ok || number == "" || strings.Trim(number, "0123456789") != "" {
		return ""
	}
	return serial
}

// ofSeveral reports whether the inlet says that the unit has another one.
func (i Inlet) ofSeveral() bool {
	kind := i.InletType.String()
	return strings.EqualFold(kind, "dual") || i.transfers()
}

// transfers reports whether the inlet is one of a transfer switch.
func (i Inlet) transfers() bool { return strings.EqualFold(i.InletType.String(), "ats") }

// device maps the inlet at an index of the list. Its energy is left out: it is
// that of all inlets together.
func (i Inlet) device(index int, of Info) power.Inlet {
	inlet := power.Inlet{
		ID:                numbered(i.ID.String(), index),
		Name:              i.InletName.String(),
		Plug:              cmp.Or(i.InletPlug, of.InletPlug).String(),
		Phase:             phase(cmp.Or(i.InletPhase, of.Phase)),
		LineConfiguration: i.InletLineConfiguration.String(),
		Electrical: power.Electrical{
			Current:       power.Amperes(i.InletCurrentRms),
			Voltage:       power.Volts(i.InletVoltageRms),
			Frequency:     power.Hertz(i.InletLineFrequency),
			PowerFactor:   power.Ratio(i.InletPowerFactor),
			ActivePower:   power.Watts(i.InletActivePower),
			ApparentPower: power.VoltAmperes(i.InletApparentPower),
		},
		Balance: balance(i.ThreePhaseBalance),
	}
	if inlet.LineConfiguration == "" && inlet.Phase == "three" {
		inlet.LineConfiguration = wiring(of.Phase)
	}
	for _, line := range i.InletLines {
		inlet.Lines = append(inlet.Lines, line.device())
	}
	if i.ATSInletID != "" || i.ATSInletActive.Value().Present() || i.ATSInletReady.Value().Present() {
		inlet.ATS = []power.ATSInlet{{
			ID:     i.ATSInletID.String(),
			Active: i.ATSInletActive.Value(),
			Ready:  i.ATSInletReady.Value(),
		}}
	}
	return inlet
}

// device maps the line.
func (l InletLine) device() power.Line {
	ofInlet, _, _ := strings.Cut(l.ID.String(), "-")
	return power.Line{
		ID:         cmp.Or(l.Line.String(), ofInlet),
		Electrical: power.Electrical{Current: power.Amperes(l.CurrentRms)},
	}
}

// balance is the ratio that a percentage in words says: "80%" is 0.8. The
// member is called balance and described as "percentage unbalance"; the name
// is believed, as in the vendor's MIB, which has inlet3PhaseBalance.
func balance(text lenient.Text) power.Value {
	return power.Percent(power.Parse(strings.TrimSuffix(text.String(), "%")))
}
