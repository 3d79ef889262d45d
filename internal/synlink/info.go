package synlink

import (
	"cmp"
	"errors"
	"strings"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Info is the Device Object, what GET /api/device says of the unit itself.
type Info struct {
	EnclosureSerialNumber     lenient.Text `json:"enclosureSerialNumber"` // number or text
	ModelNumber               lenient.Text `json:"modelNumber"`
	ControllerFirmwareVersion lenient.Text `json:"controllerFirmwareVersion"`
	ControllerHardwareVersion lenient.Text `json:"controllerHardwareVersion"`
	InletConfig               lenient.Text `json:"inletConfig"` // "standard", "dualcircuit" or "ats"
	InletPlug                 lenient.Text `json:"inletPlug"`   // of each inlet
	Phase                     lenient.Text `json:"phase"`       // "Single Phase", "Three Phase Delta" or "Three Phase Wye"

	Uptime power.Number `json:"uptime"` // seconds; also in a frame of the stream
}

// DecodeInfo reads what GET /api/device answers. The error is about an answer
// that is no Device Object.
func DecodeInfo(data []byte) (Info, error) {
	var info Info
	err := decodeObject(data, &info)
	if err == nil && info == (Info{}) {
		err = errors.New("the answer is JSON of another kind: it has nothing in it of what a device has")
	}
	return info, err
}

// or takes from an earlier answer who the unit is, where i does not say it.
// Readings are never taken from there.
func (i Info) or(earlier Info) Info {
	i.EnclosureSerialNumber = cmp.Or(i.EnclosureSerialNumber, earlier.EnclosureSerialNumber)
	i.ModelNumber = cmp.Or(i.ModelNumber, earlier.ModelNumber)
	i.ControllerFirmwareVersion = cmp.Or(i.ControllerFirmwareVersion, earlier.ControllerFirmwareVersion)
	i.ControllerHardwareVersion = cmp.Or(i.ControllerHardwareVersion, earlier.ControllerHardwareVersion)
	i.InletConfig = cmp.Or(i.InletConfig, earlier.InletConfig)
	i.InletPlug = cmp.Or(i.InletPlug, earlier.InletPlug)
	i.Phase = cmp.Or(i.Phase, earlier.Phase)
	return i
}

// transfers reports whether the unit is an automatic transfer switch.
func (i Info) transfers() bool { return strings.EqualFold(i.InletConfig.String(), "ats") }

// severalInlets reports whether the unit has two inlets.
func (i Info) severalInlets() bool {
	return strings.EqualFold(i.InletConfig.String(), "dualcircuit") || i.transfers()
}

// phase is the schema's word for a number of phases: "Single Phase", or
// "Three Phase" with or without what follows.
func phase(text lenient.Text) string {
	word := strings.ToLower(text.String())
	switch {
	case word == "1" || strings.HasPrefix(word, "single"):
		return "single"
	case word == "3" || strings.HasPrefix(word, "three"):
		return "three"
	}
	return text.String()
}

// wiring is the schema's word for how three phases are wired, which only the
// unit says, and not its inlet: "Three Phase Delta" or "Three Phase Wye".
func wiring(text lenient.Text) string {
	words := strings.Fields(strings.ToLower(text.String()))
	if len(words) != 3 || words[0] != "three" {
		return ""
	}
	return words[2]
}
