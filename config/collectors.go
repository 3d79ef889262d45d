package config

import (
	"slices"
	"strings"
)

// collector is what the configuration has to know of one kind of collector.
type collector struct {
	// defaults sets what differs from the defaults of every module.
	defaults func(m *Module)
	// address reads the address of a target.
	address func(s string) (Address, error)
	// check adds what is wrong with the options under the collector's own name,
	// and what of the module the collector has no use for.
	check func(p *problems, module string, m *Module)
	// credentials says which kinds of credentials a target of the module can
	// have, and whether it can do without.
	credentials func(m *Module) credentials
}

// credentials are what a target can be read with.
type credentials struct {
	kinds    []AuthKind
	basic    bool // user name and password may be sent with each request
	optional bool
}

// collectors is the table of all collectors by name. The name is also the key
// of the collector's options in a module, and the name of a default module.
var collectors = map[string]collector{
	"nut":          {nutDefaults, nutAddress, checkNUT, nutCredentials},
	"synlink":      {synlinkDefaults, httpAddress, checkSynLink, synlinkCredentials},
	"ems":          {emsDefaults, httpAddress, checkEMS, emsCredentials},
	"cloudtrax":    {cloudtraxDefaults, networkAddress, checkCloudTrax, cloudtraxCredentials},
	"powersentrix": {powersentrixDefaults, httpAddress, checkPowerSentrix, powersentrixCredentials},
	"powerpulse":   {powerpulseDefaults, httpAddress, checkPowerPulse, powerpulseCredentials},
}

// misfit says why an auth cannot be used, or is needed, with a module of the
// collector; empty if all is well.
func (c collector) misfit(m *Module, a *Auth) string {
	accepted := c.credentials(m)
	switch {
	case a == nil && accepted.optional:
		return ""
	case a == nil:
		return "it needs an auth with " + either(accepted.kinds)
	case len(accepted.kinds) == 0:
		return "it takes no auth"
	case !slices.Contains(accepted.kinds, a.Kind()):
		return "it takes an auth with " + either(accepted.kinds) + ", and not with " + string(a.Kind())
	case a.Basic && !accepted.basic:
		return "it takes no auth with basic"
	}
	return ""
}

// either lists the kinds for a sentence.
func either(kinds []AuthKind) string {
	var names []string
	for _, kind := range kinds {
		names = append(names, string(kind))
	}
	return strings.Join(names, " or ")
}
