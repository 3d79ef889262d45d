package config

import (
	"slices"
	"strings"
)

// The ways of reading PowerSentrix UPSes.
const (
	PowerSentrixDirect = "direct" // each UPS by itself
	PowerSentrixPortal = "portal" // all UPSes of an account
)

const defaultBasePath = "/api/v1"

// currentUnits are the units in which PowerSentrix UPSes may count currents.
var currentUnits = []string{"mA", "10mA"}

// PowerSentrixOptions are the options of the collector powersentrix.
type PowerSentrixOptions struct {
	// Mode is direct or portal.
	Mode string `yaml:"mode,omitempty"`
	// CurrentUnit is what currents are counted in, mA or 10mA.
	CurrentUnit string `yaml:"current_unit,omitempty"`
	// BasePath is where the portal has its API.
	BasePath string `yaml:"base_path,omitempty"`
	// LogPath is where the portal lists events; empty to leave them out.
	LogPath string `yaml:"log_path,omitempty"`
}

func powersentrixDefaults(m *Module) {
	m.MaxConcurrency = 2
	m.PowerSentrix = PowerSentrixOptions{Mode: PowerSentrixDirect, CurrentUnit: "mA", BasePath: defaultBasePath}
}

func powersentrixCredentials(m *Module) credentials {
	if m.PowerSentrix.Mode == PowerSentrixPortal {
		return credentials{kinds: []AuthKind{PasswordAuth}}
	}
	return credentials{kinds: []AuthKind{APIKeyAuth}}
}

func checkPowerSentrix(p *problems, module string, m *Module) {
	group := at(module, "powersentrix")
	o := &m.PowerSentrix
	modes := []string{PowerSentrixDirect, PowerSentrixPortal}
	if !slices.Contains(modes, o.Mode) {
		p.add(at(group, "mode"), "unknown mode %s: known are %s", quote(o.Mode), list(modes))
	}
	checkCurrentUnit(p, at(group, "current_unit"), o.CurrentUnit)
	for _, path := range []struct{ key, value, unset string }{{"base_path", o.BasePath, defaultBasePath}, {"log_path", o.LogPath, ""}} {
		if path.value != "" && (!strings.HasPrefix(path.value, "/") || strings.ContainsAny(path.value, "?# ")) {
			p.add(at(group, path.key), "%s must start with a / and hold no query", quote(path.value))
		}
		if strings.Contains(path.value, "%") || strings.Contains(path.value, "changePortState") || strings.Contains(path.value, "restartPort") {
			p.add(at(group, path.key), "%s must be a plain path of what is only read", quote(path.value))
		}
		if o.Mode == PowerSentrixDirect && path.value != path.unset {
			p.add(at(group, path.key), "only the portal has it: add mode: portal, or remove %s", path.key)
		}
	}
}

func checkCurrentUnit(p *problems, path, unit string) {
	if !slices.Contains(currentUnits, unit) {
		p.add(path, "unknown unit %s: known are %s", quote(unit), list(currentUnits))
	}
}
