// Package config reads the configuration file of the exporter: credentials
// bound to targets, modules that say how to talk to a kind of target, named
// targets, and the policy for targets that a URL names. A file is checked as a
// whole, and every problem is reported with its line.
package config

import (
	"fmt"

	promconfig "github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"
)

// Config is one whole configuration. It is never modified once it was loaded.
type Config struct {
	Auths     map[string]Auth   `yaml:"auths,omitempty"`
	Modules   map[string]Module `yaml:"modules,omitempty"`
	Targets   []Target          `yaml:"targets,omitempty"`
	Receivers Receivers         `yaml:"receivers,omitempty"`
	Probe     Probe             `yaml:"probe"`
	Storage   Storage           `yaml:"storage"`

	byName map[string]*Target // of Targets, once they were checked
}

// Probe holds the rules for what /probe may be asked.
type Probe struct {
	// AdHocTargets says which targets may be probed that are not in Targets.
	AdHocTargets AdHocTargets `yaml:"ad_hoc_targets"`
}

// Default is the configuration without a file: one module per collector, under
// the collector's own name.
func Default() *Config {
	c := &Config{Modules: make(map[string]Module), Storage: Storage{Path: defaultStorage}}
	for name := range collectors {
		c.Modules[name] = defaultModule(name)
	}
	return c
}

// Redacted is the configuration as YAML, defaults filled in and every secret
// shown as <secret>.
func (c *Config) Redacted() ([]byte, error) {
	text, err := yaml.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("writing the configuration: %w", err)
	}
	return text, nil
}

// check adds to p what is wrong with the values of c, and reads the files that
// c names. Relative paths are relative to dir.
func (c *Config) check(p *problems, dir string, f *files) {
	for _, name := range names(c.Auths) {
		a := c.Auths[name]
		a.check(p, at("auths", name), name, dir, f)
		a.checkModules(p, at("auths", name), c.Modules)
		c.Auths[name] = a
	}
	for _, name := range names(c.Modules) {
		m := c.Modules[name]
		m.check(p, at("modules", name), name, dir, f)
		c.Modules[name] = m
	}
	c.checkTargets(p)
	c.Receivers.check(p, "receivers", dir, f)
	c.Probe.AdHocTargets.check(p, "probe.ad_hoc_targets")
	if c.Storage.Path == "" {
		p.add("storage.path", "the path is empty: write that of a folder, such as %s", defaultStorage)
	}
	if p.has("storage.path") {
		c.Storage.Path = promconfig.JoinDir(dir, c.Storage.Path)
	}
}

// checkTargets is the part of check that is about targets, and what they are
// found by from then on.
func (c *Config) checkTargets(p *problems) {
	first := make(map[string]int, len(c.Targets))
	c.byName = make(map[string]*Target, len(c.Targets))
	for i := range c.Targets {
		c.Targets[i].check(p, item("targets", i), c)
		name := c.Targets[i].Name
		if j, taken := first[name]; taken && name != "" {
			p.add(at(item("targets", i), "name"), "%s is already the name of %s: choose another", quote(name), item("targets", j))
			continue
		}
		first[name] = i
		c.byName[name] = &c.Targets[i]
	}
}
