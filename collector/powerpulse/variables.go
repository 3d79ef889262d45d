package powerpulse

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"power_exporter/collector/nut"
	"power_exporter/power"
)

// variables are what is known of a UPS, as NUT's variables in the order of their
// names: those that PowerPulse passes on, or else what it has made of them.
func (s *system) variables() []nut.Variable {
	if len(s.RawVariables) > 0 {
		return list(s.RawVariables)
	}
	found := members{}
	for domain, details := range map[string]members{
		"battery": s.BatteryDetails,
		"device":  s.DeviceDetails,
		"driver":  s.DriverDetails,
		"input":   s.InputDetails,
		"output":  s.OutputDetails,
		"ups":     s.UPSDetails,
	} {
		for _, member := range slices.Sorted(maps.Keys(details)) {
			found.add(domain+"."+dotted(member), details[member])
		}
	}
	// These are the same once more, rounded, and all there is where the details
	// are empty.
	found.add("device.model", s.Model.String())
	found.add("battery.charge", s.BatteryCharge.String())
	found.add("battery.voltage", s.BatteryVoltage.String())
	found.add("battery.runtime", seconds(s.RuntimeRemaining.String()))
	found.add("input.voltage", s.InputVoltage.String())
	found.add("output.voltage", s.OutputVoltage.String())
	found.add("ups.load", s.Load.String())
	found.add("ups.temperature", s.Temperature.String())
	found.add("ups.status", rawStatus(s.Status.String()))
	return list(found)
}

// add adds a variable that is known, unless it is there.
func (m members) add(name, value string) {
	if _, ok := m[name]; !ok && isKnown(value) {
		m[name] = value
	}
}

// list is variables in the order of their names.
func list(values members) []nut.Variable {
	variables := make([]nut.Variable, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		variables = append(variables, nut.Variable{Name: name, Value: values[name]})
	}
	return variables
}

// dotted is the name of a member of the details as NUT has it: each capital
// begins a word, so voltageNominal is voltage.nominal.
func dotted(member string) string {
	var name strings.Builder
	for _, r := range member {
		if unicode.IsUpper(r) {
			name.WriteByte('.')
		}
		name.WriteRune(unicode.ToLower(r))
	}
	return name.String()
}

// isKnown reports whether a member says anything. PowerPulse writes 0 for a
// number and Unknown for a text that it has not got, so that a true 0 cannot be
// told from none. Texts such as 0000 are serial numbers and codes.
func isKnown(text string) bool {
	text = strings.TrimSpace(text)
	number, isNumber := power.Raw(power.Parse(text)).Get()
	switch {
	case text == "", strings.EqualFold(text, "Unknown"):
		return false
	case isNumber && number == 0:
		return strings.HasPrefix(text, "00")
	}
	return true
}

// seconds is the text of a number of minutes in seconds, or "".
func seconds(minutes string) string {
	if s := power.Minutes(power.Parse(minutes)); s.Present() {
		return s.String()
	}
	return ""
}
