package config

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
)

// Target is a target with a name, to be probed with its own module and auth.
type Target struct {
	Name    string            `yaml:"name"`             // unique among the targets
	Address string            `yaml:"address"`          // as the module's collector reads it
	Module  string            `yaml:"module"`           // the name of a module
	Auth    string            `yaml:"auth,omitempty"`   // the name of an auth; empty for none
	Labels  map[string]string `yaml:"labels,omitempty"` // for service discovery
}

func (t *Target) check(p *problems, path string, c *Config) {
	if t.Name == "" {
		p.missing(path, []string{"name"}, "name is missing: add name, unique among the targets")
	} else {
		checkName(p, at(path, "name"), "target", t.Name)
	}

	m, known := c.Modules[t.Module]
	switch {
	case t.Module == "":
		p.missing(path, []string{"module"}, "module is missing: add module with one of %s", list(names(c.Modules)))
	case !known:
		p.add(at(path, "module"), "unknown module %s: %s", quote(t.Module), knownOnes("modules", names(c.Modules)))
	}
	a, found := c.Auths[t.Auth]
	if t.Auth != "" && !found {
		p.add(at(path, "auth"), "unknown auth %s: %s", quote(t.Auth), knownOnes("auths", names(c.Auths)))
	}
	kind, ok := collectors[m.Collector]
	if t.Address == "" {
		p.missing(path, []string{"address"}, "address is missing: add address, where the target is reached")
	} else if ok {
		if _, err := kind.address(t.Address); err != nil {
			p.add(at(path, "address"), "%v", err)
		}
	}
	if ok && found == (t.Auth != "") {
		t.checkAuth(p, path, kind, &m, &a)
	}
	for _, name := range names(t.Labels) {
		where := at(at(path, "labels"), name)
		switch {
		case !model.LegacyValidation.IsValidLabelName(name):
			p.add(where, "%s is no label name: it may hold letters, digits and '_', and does not start with a digit", quote(name))
		case strings.HasPrefix(name, "__"):
			p.add(where, "%s is no label name for a target: names that start with __ are Prometheus' own", quote(name))
		case slices.Contains(measured, name):
			p.add(where, "%s is a label of the readings, which Prometheus would rename to exported_%s: take another name", quote(name), name)
		}
	}
}

// measured are the labels that readings have, and those by which rules find a
// device. The same label of a target would win over them, and no rule or dashboard
// would find its readings any more.
var measured = []string{
	"alarm", "ats_inlet", "battery", "bypass", "cell", "circuit", "code", "controller", "device", "event", "group", "group_name", "id", "inlet",
	"input", "kind", "limit", "line", "name", "outlet", "output", "point", "relay", "request", "sensor", "state", "vendor",
}

// checkAuth adds what is wrong with the target's auth, which exists, or with
// having none.
func (t *Target) checkAuth(p *problems, path string, kind collector, m *Module, a *Auth) {
	if t.Auth == "" {
		if why := kind.misfit(m, nil); why != "" {
			p.missing(path, []string{"auth"}, "module %s has no use without credentials: %s", quote(t.Module), why)
		}
	} else if why := kind.misfit(m, a); why != "" && a.Kind() != "" {
		p.add(at(path, "auth"), "auth %s does not fit module %s: %s", quote(t.Auth), quote(t.Module), why)
	}
}
