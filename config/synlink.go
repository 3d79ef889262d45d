package config

import (
	"slices"
	"time"

	"github.com/prometheus/common/model"
)

const defaultWindow = model.Duration(time.Minute)

// SynLinkEndpoints are the parts of a SynLink PDU's API that can be read.
var SynLinkEndpoints = []string{"device", "inlets", "banks", "outlets", "sensors", "groups", "events", "conf", "diagnostics"}

// SynLinkOptions are the options of the collector synlink.
type SynLinkOptions struct {
	// Stream reads the PDU's WebSocket all the time, and answers probes from it.
	Stream bool `yaml:"stream,omitempty"`
	// Window is over how long the highest and lowest readings of a stream are
	// kept.
	Window model.Duration `yaml:"window,omitempty"`
	// Endpoints are what is read. By default these are all but conf, whose
	// answer holds secrets of the PDU, and diagnostics, of which the document
	// says little.
	Endpoints []string `yaml:"endpoints,omitempty"`
}

func synlinkDefaults(m *Module) {
	m.MaxConcurrency = 2 // its web server is small
	m.SynLink = SynLinkOptions{Window: defaultWindow, Endpoints: slices.Clone(SynLinkEndpoints[:7])}
}

// synlinkCredentials are a password where the stream is read: by the document
// it takes a session, and none begins with a token.
func synlinkCredentials(m *Module) credentials {
	if m.SynLink.Stream {
		return credentials{kinds: []AuthKind{PasswordAuth}, basic: true}
	}
	return credentials{kinds: []AuthKind{TokenAuth, PasswordAuth}, basic: true}
}

func checkSynLink(p *problems, module string, m *Module) {
	group := at(module, "synlink")
	if w := m.SynLink.Window; w < model.Duration(2*time.Second) || w > model.Duration(time.Hour) {
		p.add(at(group, "window"), "%s is out of range: it must be from 2s, in which one frame comes, to 1h", w)
	}
	if m.SynLink.Window != defaultWindow && !m.SynLink.Stream {
		p.add(at(group, "window"), "nothing is kept without the stream: add stream: on, or remove window")
	}
	if len(m.SynLink.Endpoints) == 0 {
		p.add(at(group, "endpoints"), "nothing would be read: name some of %s", list(SynLinkEndpoints))
	}
	for i, name := range m.SynLink.Endpoints {
		where := item(at(group, "endpoints"), i)
		switch {
		case !slices.Contains(SynLinkEndpoints, name):
			p.add(where, "unknown endpoint %s: known are %s", quote(name), list(SynLinkEndpoints))
		case slices.Index(m.SynLink.Endpoints, name) < i:
			p.add(where, "%s is in the list twice: remove one", quote(name))
		}
	}
}
