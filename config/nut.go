package config

import (
	"path"
	"strings"

	promconfig "github.com/prometheus/common/config"
)

// nutPort is the port that IANA gave to NUT.
const nutPort = "3493"

// NUTOptions are the options of the collector nut, which reads a upsd.
type NUTOptions struct {
	// StartTLS encrypts the connection before anything else is sent.
	StartTLS bool `yaml:"starttls,omitempty"`
	// UPS are the names of the UPSes to read; empty means all of them.
	UPS []string `yaml:"ups,omitempty"`
	// Variables are globs of the variables that native readings show.
	Variables []string `yaml:"variables,omitempty"`
}

func nutDefaults(m *Module) {
	// UniFi's upsd restarts above three clients.
	m.MaxConcurrency = 1
	m.FollowRedirects = false
}

// nutCredentials are optional, since a upsd is read without.
func nutCredentials(*Module) credentials {
	return credentials{kinds: []AuthKind{PasswordAuth}, optional: true}
}

func nutAddress(s string) (Address, error) {
	return hostAddress(s, nutPort)
}

func checkNUT(p *problems, module string, m *Module) {
	group := at(module, "nut")
	checkNoHTTP(p, module, m)
	if !m.NUT.StartTLS && *m.TLSConfig != (promconfig.TLSConfig{}) {
		p.add(at(module, "tls_config"), "nothing is encrypted without starttls: add starttls: on under nut, or remove tls_config")
	}
	if len(m.NUT.Variables) > 0 && !m.Native {
		p.add(at(group, "variables"), "no native readings are exported: add native: on to the module, or remove variables")
	}
	seen := make(map[string]bool)
	for i, name := range m.NUT.UPS {
		where := item(at(group, "ups"), i)
		switch {
		case name == "":
			p.add(where, "the name is empty: write the name of a UPS, or leave out ups for all of them")
		case !IsUPSName(name):
			p.add(where, "%s is no UPS name: it may hold letters, digits, '-', '_' and '.'", quote(name))
		case seen[name]:
			p.add(where, "%s is in the list twice: remove one", quote(name))
		}
		seen[name] = true
	}
	for i, glob := range m.NUT.Variables {
		where := item(at(group, "variables"), i)
		if glob == "" {
			p.add(where, "the glob is empty: write one such as battery.*")
		} else if _, err := path.Match(glob, ""); err != nil {
			p.add(where, "%s is no glob: close every [ with a ] and do not end with a backslash", quote(glob))
		}
	}
}

// IsUPSName reports whether name can be the name of a UPS. It can then stand in
// a line of the protocol as it is.
func IsUPSName(name string) bool {
	return name != "" && strings.Trim(name, letters+digits+"-_.") == ""
}
