package main

import (
	"fmt"
	"net/url"
	"slices"

	"power_exporter/collector"
	"power_exporter/collector/nut"
	"power_exporter/config"
	"power_exporter/probe"
)

// collectors is the table of all kinds of collector, by the name that a module
// gives. What the configuration knows of each is in package config.
func collectors() map[string]probe.Kind {
	return map[string]probe.Kind{
		"nut": {Parameters: []string{"ups"}, New: newNUT},
	}
}

// newNUT translates a target of the configuration into nut's options.
func newNUT(target config.Resolved, parameters url.Values) (func(*collector.Gate) collector.Collector, error) {
	o := nut.Options{
		Address: target.Address.String(),
		UPS:     target.Module.NUT.UPS,
		Natives: nut.Natives{Export: target.Module.Native, Variables: target.Module.NUT.Variables},
	}
	if ups := parameters.Get("ups"); ups != "" {
		if len(o.UPS) > 0 && !slices.Contains(o.UPS, ups) {
			return nil, fmt.Errorf("parameter ups is %q: module %s reads only %q", ups, target.ModuleName, o.UPS)
		}
		if !config.IsUPSName(ups) {
			return nil, fmt.Errorf("parameter ups is %q: that is no name of a UPS", ups)
		}
		o.UPS = []string{ups}
	}
	if target.Auth != nil {
		o.Username, o.Password = target.Auth.Credentials()
	}
	if target.Module.NUT.StartTLS {
		o.TLS = target.Module.TLS(target.Address.Host)
	}
	return func(gate *collector.Gate) collector.Collector { return nut.New(o, gate) }, nil
}
