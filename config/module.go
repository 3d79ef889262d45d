package config

import (
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	promconfig "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
	"gopkg.in/yaml.v3"
)

const (
	defaultTimeout = model.Duration(10 * time.Second)
	maxTimeout     = model.Duration(10 * time.Minute)
	maxConcurrency = 100
	// maxPEM is the largest certificate or key file that is read, in bytes.
	maxPEM = 1 << 20
)

// PushModule is the name by which probes ask for devices that push. No module
// can have it.
const PushModule = "push"

// Module says how to talk to a kind of target.
type Module struct {
	// Collector is the name of the collector that does the talking.
	Collector string `yaml:"collector"`
	// Timeout is the most that one probe may take.
	Timeout model.Duration `yaml:"timeout"`
	// MaxConcurrency is the number of requests at a time to one device.
	MaxConcurrency int `yaml:"max_concurrency"`
	// CacheTTL is for how long an answer is given again without asking the
	// device; 0 asks it every time.
	CacheTTL model.Duration `yaml:"cache_ttl"`
	// Native adds the readings under the vendor's own names.
	Native bool `yaml:"native"`
	// TLSConfig is how to encrypt and whom to trust. It is never nil in a
	// module that was loaded. It is a pointer so that package fmt, which does
	// not know that its key is a secret, does not print it from within a struct.
	TLSConfig *promconfig.TLSConfig `yaml:"tls_config,omitempty"`

	// ProxyURL is the proxy for HTTP; empty for none.
	ProxyURL string `yaml:"proxy_url,omitempty"`
	// FollowRedirects goes where an HTTP server points to, on the same host.
	FollowRedirects bool `yaml:"follow_redirects"`

	NUT          NUTOptions          `yaml:"nut,omitempty"`
	SynLink      SynLinkOptions      `yaml:"synlink,omitempty"`
	EMS          EMSOptions          `yaml:"ems,omitempty"`
	CloudTrax    CloudTraxOptions    `yaml:"cloudtrax,omitempty"`
	PowerSentrix PowerSentrixOptions `yaml:"powersentrix,omitempty"`
	PowerPulse   PowerPulseOptions   `yaml:"powerpulse,omitempty"`

	// A function, since package fmt prints what a pointer points to for a verb
	// that does not fit.
	tls func() *tls.Config
}

// TLS is how to encrypt to a host, as the files of TLSConfig were when the
// configuration was loaded. The certificate must be the host's unless TLSConfig
// names another.
func (m *Module) TLS(host string) *tls.Config {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if m.tls != nil {
		t = m.tls()
	}
	if t.ServerName == "" {
		t.ServerName = host
	}
	return t
}

// Format prints the module with every verb, and never the key of its TLSConfig.
func (m Module) Format(s fmt.State, verb rune) {
	type plain Module // without this method
	shown := plain(m)
	if m.TLSConfig != nil {
		// For a verb that does not fit, fmt prints even what a pointer points to.
		redacted := *m.TLSConfig
		if redacted.Key != "" {
			redacted.Key = hidden
		}
		shown.TLSConfig = &redacted
	}
	fmt.Fprintf(s, fmt.FormatString(s, verb), shown)
}

// defaultModule is a module of the collector in which nothing was set.
func defaultModule(name string) Module {
	m := Module{
		Collector:      name,
		Timeout:        defaultTimeout,
		MaxConcurrency: 1,
		TLSConfig:      new(promconfig.TLSConfig),

		FollowRedirects: true,
	}
	if c, ok := collectors[name]; ok {
		c.defaults(&m)
	}
	return m
}

// prepare sets the defaults, which depend on the collector, before the fields
// of n are decoded. A module with the name of a collector is of that collector
// unless it says otherwise.
func (m *Module) prepare(d *decoder, name string, n *yaml.Node) {
	kind := ""
	if _, ok := collectors[name]; ok {
		kind = name
	}
	for _, f := range d.fields(n, func(*yaml.Node, string) {}) {
		if f.key.Value == "collector" && !isNull(f.value) {
			kind, _ = text(resolved(f.value))
		}
	}
	*m = defaultModule(kind)
}

func (m *Module) check(p *problems, path, name, dir string, f *files) {
	checkName(p, path, "module", name)
	if name == PushModule {
		p.add(path, "the name %s is that of the devices that push: choose another", PushModule)
	}
	c, known := collectors[m.Collector]
	switch {
	case m.Collector == "":
		p.missing(path, []string{"collector"}, "collector is missing: add collector with one of %s", list(names(collectors)))
	case !known:
		p.add(at(path, "collector"), "unknown collector %s: known collectors are %s", quote(m.Collector), list(names(collectors)))
	default:
		checkForeign(p, path, m.Collector, names(collectors))
		c.check(p, path, m)
	}
	if m.Timeout <= 0 || m.Timeout > maxTimeout {
		p.add(at(path, "timeout"), "%s is out of range: it must be more than 0s and at most %s", m.Timeout, maxTimeout)
	}
	if m.MaxConcurrency < 1 || m.MaxConcurrency > maxConcurrency {
		p.add(at(path, "max_concurrency"), "%d is out of range: it must be from 1 to %d", m.MaxConcurrency, maxConcurrency)
	}
	m.checkProxy(p, path)
	if t := checkTLS(p, at(path, "tls_config"), m.TLSConfig, dir, f); t != nil {
		m.tls = t.Clone
	}
}

// checkForeign adds the options of other collectors than the module's own.
func checkForeign(p *problems, path, own string, all []string) {
	for _, name := range all {
		if name != own && p.has(at(path, name)) {
			p.add(at(path, name), "these are options of the collector %s, and this module has collector: %s: remove them", name, own)
		}
	}
}

// tlsWords leaves out of prometheus/common's messages what there is not here.
var tlsWords = strings.NewReplacer(
	"tls_config.", "",
	", ca_file & ca_ref", " and ca_file",
	", cert_file & cert_ref", " and cert_file",
)

// checkTLS makes of t what package tls needs, with its paths relative to dir,
// or adds what is in the way and returns nil.
func checkTLS(p *problems, path string, t *promconfig.TLSConfig, dir string, f *files) *tls.Config {
	before := p.count()
	t.SetDirectory(dir)
	for _, part := range []struct{ key, file string }{
		{"ca_file", t.CAFile}, {"cert_file", t.CertFile}, {"key_file", t.KeyFile},
	} {
		if part.file == "" {
			continue
		}
		if _, err := f.read(part.file, maxPEM); err != nil {
			p.add(at(path, part.key), "reading %s: %v", oneLine(part.file), err)
		}
	}
	if p.count() > before {
		return nil
	}
	made, err := promconfig.NewTLSConfig(t)
	if err != nil {
		p.add(path, "%s", oneLine(tlsWords.Replace(err.Error())))
		return nil
	}
	return made
}
