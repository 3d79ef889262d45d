package powerpulse

import (
	"slices"
	"strings"

	"power_exporter/collector/nut"
	"power_exporter/power"
)

// devices maps one UPS; several where NUT has the variables of daisy-chained
// ones. It gives nil for a UPS of which nothing is known.
func devices(s *system, natives nut.Natives) []power.Device {
	variables := s.variables()
	if s.isMixed() || s.isDown(variables) {
		return nil
	}
	return nut.Devices(nut.UPS{Name: s.deviceID(), Description: s.ownersName(), Variables: variables}, natives)
}

// deviceID is what tells a UPS from the others of a PowerPulse: its name on its
// NUT server, and the number that PowerPulse gave that server. The name alone
// does not, since every NAS calls its UPS "ups", and to add the server only then
// would give a UPS another id when somebody adds a second server. It is empty
// for what is no UPS.
func (s *system) deviceID() string {
	name, server := s.UPSName.String(), s.NUTServerID.String()
	if name == "" {
		name = s.Name.String()
	}
	switch {
	case name == "":
		return s.ID.String()
	case server == "":
		return name
	}
	return name + "@" + server
}

// ownersName is what the owner of a UPS calls it, and empty if that is only what
// NUT calls it.
func (s *system) ownersName() string {
	for _, name := range []string{s.Nickname.String(), s.DisplayName.String(), s.Name.String()} {
		if name != "" && name != s.UPSName.String() {
			return name
		}
	}
	return ""
}

// isDown reports whether PowerPulse knows nothing of a UPS: it says that it could
// not read it, the driver has just started, or there is no more than who it is
// and a status, which is Online, too, for want of a better one.
func (s *system) isDown(variables []nut.Variable) bool {
	if strings.EqualFold(s.Status.String(), statusError) {
		return true
	}
	if slices.Contains(variables, nut.Variable{Name: "ups.status", Value: statusWaiting}) {
		return true
	}
	return len(s.RawVariables) == 0 && !slices.ContainsFunc(variables, func(v nut.Variable) bool {
		return v.Name != "ups.status" && !strings.HasPrefix(v.Name, "device.")
	})
}
