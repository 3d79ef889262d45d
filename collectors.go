package main

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"power_exporter/collector"
	"power_exporter/collector/cloudtrax"
	"power_exporter/collector/ems"
	"power_exporter/collector/nut"
	"power_exporter/collector/powerpulse"
	"power_exporter/collector/powersentrix"
	"power_exporter/collector/synlink"
	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/probe"
)

// collectors is the table of all kinds of collector, by the name that a module
// gives. What the configuration knows of each is in package config.
func collectors(self *exposition.Self) map[string]probe.Kind {
	return map[string]probe.Kind{
		"cloudtrax":    {New: newCloudTrax, Limited: cloudTraxAccount},
		"ems":          {New: newEMS},
		"nut":          {Parameters: []string{"ups"}, New: newNUT},
		"powerpulse":   {New: powerpulseWith(self.Mixed)},
		"powersentrix": {New: newPowerSentrix},
		"synlink":      {New: newSynLink},
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

// newSynLink translates a target of the configuration into synlink's options.
func newSynLink(target config.Resolved, _ url.Values) (func(*collector.Gate) collector.Collector, error) {
	o := synlink.Options{
		Base:            target.Address.URL(),
		TLS:             target.Module.TLS(target.Address.Host),
		Proxy:           target.Module.Proxy(),
		FollowRedirects: target.Module.FollowRedirects,
		Access:          synlink.Access{Name: target.AuthName, Basic: target.Auth.Basic},
		Endpoints:       target.Module.SynLink.Endpoints,
		Stream:          target.Module.SynLink.Stream,
		Window:          time.Duration(target.Module.SynLink.Window),
	}
	name, secret := target.Auth.Credentials()
	if target.Auth.Kind() == config.TokenAuth {
		o.Access.Token = secret
	} else {
		o.Access.Username, o.Access.Password = name, secret
	}
	return func(gate *collector.Gate) collector.Collector { return synlink.New(o, gate) }, nil
}

// newEMS translates a target of the configuration into ems' options.
func newEMS(target config.Resolved, _ url.Values) (func(*collector.Gate) collector.Collector, error) {
	module := target.Module.EMS
	o := ems.Options{
		Base:            target.Address.URL(),
		TLS:             target.Module.TLS(target.Address.Host),
		Proxy:           target.Module.Proxy(),
		FollowRedirects: target.Module.FollowRedirects,
		AuthName:        target.AuthName,
		Signals:         map[int]ems.Signal{},
		MetadataTTL:     time.Duration(module.MetadataTTL),
		MaxAge:          time.Duration(module.MaxAge),
		PageSize:        module.PageSize,
		Protocol:        module.Protocol,
		UIDs:            module.UIDs,
		Paths:           module.Paths,
		Natives:         target.Module.Native,
	}
	o.Username, o.Password = target.Auth.Credentials()
	for si, signal := range module.Signals {
		number, err := strconv.Atoi(si)
		if err != nil {
			return nil, fmt.Errorf("module %s: signal %q is no number", target.ModuleName, si)
		}
		o.Signals[number] = ems.Signal{Quantity: ems.Quantity(signal.Quantity), Line: signal.Line, Scale: signal.Scale}
	}
	return func(gate *collector.Gate) collector.Collector { return ems.New(o, gate) }, nil
}

// powerpulseWith gives what translates a target of the configuration into
// powerpulse's options. Mixed is called for each UPS that was shown with the
// readings of another.
func powerpulseWith(mixed func()) func(config.Resolved, url.Values) (func(*collector.Gate) collector.Collector, error) {
	return func(target config.Resolved, _ url.Values) (func(*collector.Gate) collector.Collector, error) {
		o := powerpulse.Options{
			Base:            target.Address.URL(),
			TLS:             target.Module.TLS(target.Address.Host),
			Proxy:           target.Module.Proxy(),
			FollowRedirects: target.Module.FollowRedirects,
			Kiosk:           target.Module.PowerPulse.Kiosk,
			AuthName:        target.AuthName,
			Natives:         nut.Natives{Export: target.Module.Native},
			Mixed:           mixed,
		}
		if target.Auth != nil {
			o.Username, o.Password = target.Auth.Credentials()
		}
		return func(gate *collector.Gate) collector.Collector { return powerpulse.New(o, gate) }, nil
	}
}

// newCloudTrax translates a target of the configuration, which is a network,
// into cloudtrax' options.
func newCloudTrax(target config.Resolved, _ url.Values) (func(*collector.Gate) collector.Collector, error) {
	service, err := target.Module.CloudTrax.Service()
	if err != nil {
		return nil, err
	}
	o := cloudtrax.Options{
		Base:           service.URL(),
		TLS:            target.Module.TLS(service.Host),
		Proxy:          target.Module.Proxy(),
		MaxConcurrency: target.Module.MaxConcurrency,
		Network:        target.Address.Host,
		Ports:          target.Module.CloudTrax.Ports,
		AuthName:       target.AuthName,
	}
	o.Key, o.Secret = target.Auth.Credentials()
	return func(gate *collector.Gate) collector.Collector { return cloudtrax.New(o, gate) }, nil
}

// cloudTraxAccount is what the service's limit on requests is for: a key, whichever
// of its networks they are about. The key itself is not for everybody's eyes.
func cloudTraxAccount(target config.Resolved) string {
	key, _ := target.Auth.Credentials()
	return fmt.Sprintf("%s %x", strings.TrimSuffix(target.Module.CloudTrax.URL, "/"), sha256.Sum256([]byte(key)))
}

// newPowerSentrix translates a target of the configuration into powersentrix'
// options.
func newPowerSentrix(target config.Resolved, _ url.Values) (func(*collector.Gate) collector.Collector, error) {
	module := target.Module.PowerSentrix
	o := powersentrix.Options{
		Base:            target.Address.URL(),
		TLS:             target.Module.TLS(target.Address.Host),
		Proxy:           target.Module.Proxy(),
		FollowRedirects: target.Module.FollowRedirects,
		AuthName:        target.AuthName,
		Portal:          module.Mode == config.PowerSentrixPortal,
		BasePath:        module.BasePath,
		LogPath:         module.LogPath,
		Concurrency:     target.Module.MaxConcurrency,
		CurrentUnit:     currentUnit(module.CurrentUnit),
		Natives:         target.Module.Native,
	}
	if name, secret := target.Auth.Credentials(); o.Portal {
		o.Username, o.Password = name, secret
	} else {
		o.APIKey = secret
	}
	return func(gate *collector.Gate) collector.Collector { return powersentrix.New(o, gate) }, nil
}
