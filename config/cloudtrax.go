package config

import (
	"time"

	"github.com/prometheus/common/model"
)

// CloudTraxOptions are the options of the collector cloudtrax.
type CloudTraxOptions struct {
	// URL is where the service is.
	URL string `yaml:"url,omitempty"`
	// Ports reads the ports of each strip too, one request a strip.
	Ports bool `yaml:"ports"`
}

func cloudtraxDefaults(m *Module) {
	m.MaxConcurrency = 4
	m.FollowRedirects = false
	m.CacheTTL = model.Duration(time.Minute)
	m.CloudTrax = CloudTraxOptions{URL: "https://api-v3.cloudtrax.com", Ports: true}
}

func cloudtraxCredentials(*Module) credentials {
	return credentials{kinds: []AuthKind{SignatureAuth}}
}

// Service is the address of the service.
func (o *CloudTraxOptions) Service() (Address, error) { return httpAddress(o.URL) }

func checkCloudTrax(p *problems, module string, m *Module) {
	if m.FollowRedirects {
		p.add(at(module, "follow_redirects"), "a signature is for one address, and is not sent to another: remove follow_redirects")
	}
	if _, err := m.CloudTrax.Service(); err != nil {
		p.add(at(at(module, "cloudtrax"), "url"), "%v", err)
	}
}
