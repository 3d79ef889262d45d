package config

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
)

// EMSQuantities are what a signal of an EMS can be mapped to.
var EMSQuantities = []string{
	"voltage", "current", "frequency", "active_power", "apparent_power", "reactive_power", "power_factor", "energy", "exported_energy",
}

// EMSProtocols are the protocols by which an EMS reads its devices.
var EMSProtocols = []string{"rtu", "tcp", "meterBus", "virtual", "P1"}

// emsLines are the lines on which a signal can be.
var emsLines = []string{"L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"}

// emsPaths are where an EMS has its objects, by the name of each.
var emsPaths = map[string]string{
	"version": "/ver", "login": "/v1/auth/login", "serial": "/v1/sn", "mac": "/v1/mac",
	"devices": "/v1/devices", "loads": "/v1/loads", "signals": "/v1/signals", "realtime": "/v1/realtime",
}

// EMSOptions are the options of the collector ems.
type EMSOptions struct {
	// Signals says what the values of a kind of signal are, by its si.
	Signals map[string]EMSSignal `yaml:"signals,omitempty"`
	// MetadataTTL is how long devices, loads and signals are remembered.
	MetadataTTL model.Duration `yaml:"metadata_ttl,omitempty"`
	// MaxAge is how old a value may be.
	MaxAge model.Duration `yaml:"max_age,omitempty"`
	// PageSize is how many signals are asked for at a time.
	PageSize int `yaml:"page_size,omitempty"`
	// Protocol reads only the devices of one protocol; empty for all.
	Protocol string `yaml:"protocol,omitempty"`
	// UIDs reads only these devices; none for all.
	UIDs []int `yaml:"uids,omitempty"`
	// Paths are where the objects are, by the name of each.
	Paths map[string]string `yaml:"paths,omitempty"`
}

// EMSSignal says what a value is.
type EMSSignal struct {
	Quantity string `yaml:"quantity"`
	// Line is empty for the whole load.
	Line string `yaml:"line,omitempty"`
	// Scale is how many base units one of the value are; 0 is 1.
	Scale float64 `yaml:"scale,omitempty"`
}

func emsDefaults(m *Module) {
	m.MaxConcurrency = 2
	m.EMS = EMSOptions{
		MetadataTTL: model.Duration(5 * time.Minute),
		MaxAge:      model.Duration(time.Hour),
		PageSize:    1000,
		Paths:       maps.Clone(emsPaths),
	}
}

func emsCredentials(*Module) credentials {
	return credentials{kinds: []AuthKind{PasswordAuth}}
}

func checkEMS(p *problems, module string, m *Module) {
	group := at(module, "ems")
	for _, si := range names(m.EMS.Signals) {
		checkEMSSignal(p, at(at(group, "signals"), si), si, m.EMS.Signals[si])
	}
	if m.EMS.MaxAge <= 0 {
		p.add(at(group, "max_age"), "%s is out of range: it must be more than 0s", m.EMS.MaxAge)
	}
	if n := m.EMS.PageSize; n < 1 || n > 100_000 {
		p.add(at(group, "page_size"), "%d is out of range: it must be from 1 to 100000", n)
	}
	if m.EMS.Protocol != "" && !slices.Contains(EMSProtocols, m.EMS.Protocol) {
		p.add(at(group, "protocol"), "unknown protocol %s: known are %s", quote(m.EMS.Protocol), list(EMSProtocols))
	}
	for i, uid := range m.EMS.UIDs {
		if uid < 0 {
			p.add(item(at(group, "uids"), i), "%d is no uid: it must be 0 or more", uid)
		}
	}
	for _, name := range names(m.EMS.Paths) {
		where := at(at(group, "paths"), name)
		if _, ok := emsPaths[name]; !ok {
			p.add(where, "unknown path %s: known are %s", quote(name), list(names(emsPaths)))
		} else if s := m.EMS.Paths[name]; !strings.HasPrefix(s, "/") || strings.ContainsAny(s, "?# ") {
			p.add(where, "%s must start with a / and hold no query", quote(s))
		}
	}
}

func checkEMSSignal(p *problems, path, si string, s EMSSignal) {
	if si == "" || len(si) > 9 || strings.Trim(si, digits) != "" {
		p.add(path, "%s is no si: it must be the number of a kind of signal", quote(si))
	}
	switch {
	case s.Quantity == "":
		p.missing(path, []string{"quantity"}, "quantity is missing: add one of %s", list(EMSQuantities))
	case !slices.Contains(EMSQuantities, s.Quantity):
		p.add(at(path, "quantity"), "unknown quantity %s: known are %s", quote(s.Quantity), list(EMSQuantities))
	}
	if s.Line != "" && !slices.Contains(emsLines, s.Line) {
		p.add(at(path, "line"), "unknown line %s: known are %s", quote(s.Line), list(emsLines))
	}
	if math.IsNaN(s.Scale) || math.IsInf(s.Scale, 0) || s.Scale == 0 && p.has(at(path, "scale")) {
		p.add(at(path, "scale"), "must be a number other than 0")
	}
	if s.Scale < 0 && (s.Quantity == "energy" || s.Quantity == "exported_energy") {
		p.add(at(path, "scale"), "a counter cannot fall: use exported_energy for what is given back, with a positive scale")
	}
}
