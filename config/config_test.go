package config

import (
	"crypto/tls"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	promconfig "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
)

// unexported lets cmp see the passwords.
var unexported = cmp.Options{cmp.AllowUnexported(Auth{}, Company{}, Token{}), cmpopts.IgnoreUnexported(Module{}, Config{})}

func TestDefaults(t *testing.T) {
	t.Parallel()
	module := func(name string, concurrency int, set func(*Module)) Module {
		m := Module{
			Collector: name, Timeout: model.Duration(10 * time.Second), MaxConcurrency: concurrency,
			TLSConfig: &promconfig.TLSConfig{}, FollowRedirects: true,
		}
		set(&m)
		return m
	}
	want := &Config{Storage: Storage{Path: "data"}, Modules: map[string]Module{
		"nut": module("nut", 1, func(m *Module) { m.FollowRedirects = false }),
		"synlink": module("synlink", 2, func(m *Module) {
			m.SynLink.Window = model.Duration(time.Minute)
			m.SynLink.Endpoints = []string{"device", "inlets", "banks", "outlets", "sensors", "groups", "events"}
		}),
		"ems": module("ems", 2, func(m *Module) {
			m.EMS = EMSOptions{
				MetadataTTL: model.Duration(5 * time.Minute), MaxAge: model.Duration(time.Hour), PageSize: 1000,
				Paths: map[string]string{
					"version": "/ver", "login": "/v1/auth/login", "serial": "/v1/sn", "mac": "/v1/mac",
					"devices": "/v1/devices", "loads": "/v1/loads", "signals": "/v1/signals", "realtime": "/v1/realtime",
				},
			}
		}),
		"cloudtrax": module("cloudtrax", 4, func(m *Module) {
			m.CacheTTL = model.Duration(time.Minute)
			m.FollowRedirects = false
			m.CloudTrax = CloudTraxOptions{URL: "https://api-v3.cloudtrax.com", Ports: true}
		}),
		"powersentrix": module("powersentrix", 2, func(m *Module) {
			m.PowerSentrix = PowerSentrixOptions{Mode: "direct", CurrentUnit: "mA", BasePath: "/api/v1"}
		}),
		"powerpulse": module("powerpulse", 2, func(*Module) {}),
	}}
	for name, text := range map[string]string{
		"empty":          "",
		"only a comment": "# nothing yet\n",
		"null":           "~\n",
		"empty document": "---\n",
		"empty group":    "{}\n",
		"empty keys":     "auths:\nmodules:\ntargets:\nprobe:\n  ad_hoc_targets:\n",
		"empty module":   "modules:\n  nut:\n",
		"named after it": "modules:\n  nut: {collector: ~, timeout: ~}\n",
		"said":           "modules:\n  nut: {collector: nut}\nprobe: {ad_hoc_targets: allow}\n",
	} {
		if diff := cmp.Diff(want, mustParse(t, text), unexported); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	got, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, unexported); diff != "" {
		t.Errorf("no file: (-want +got)\n%s", diff)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	c := mustParse(t, "modules: {own: {collector: nut, nut: {starttls: on}, tls_config: {server_name: ups.example.net, min_version: TLS13}}, other: {collector: nut, nut: {starttls: on}}}")
	for module, want := range map[string]string{"own": "ups.example.net", "other": "ups1", "nut": "ups1"} {
		m := c.Modules[module]
		if got := m.TLS("ups1"); got.ServerName != want || got.InsecureSkipVerify || module == "own" && got.MinVersion != tls.VersionTLS13 {
			t.Errorf("%s: server name %q, version %x", module, got.ServerName, got.MinVersion)
		}
		if got := m.TLS("ups2"); module != "own" && got.ServerName != "ups2" {
			t.Errorf("%s: the name of one host is used for another: %q", module, got.ServerName)
		}
	}
}

func TestDefaultsAreNotShared(t *testing.T) {
	t.Parallel()
	Default().Modules["nut"].TLSConfig.ServerName = "changed"
	if got := Default().Modules["nut"].TLSConfig.ServerName; got != "" {
		t.Errorf("the change of one default is seen in another: %q", got)
	}
}

func TestLoadFull(t *testing.T) {
	t.Parallel()
	got, err := Load("testdata/good/full.yml")
	if err != nil {
		t.Fatal(err)
	}
	rack := Auth{
		Username:     "monitor",
		PasswordFile: "testdata/secrets/upsmon",
		Targets:      []string{"10.0.8.0/24", "*.pdu.example.net", "ups1:3493"},
		secret:       new(password),
	}
	slow := Module{
		Collector:      "nut",
		Timeout:        model.Duration(90 * time.Second),
		MaxConcurrency: 4,
		CacheTTL:       model.Duration(time.Minute),
		Native:         true,
		TLSConfig:      &promconfig.TLSConfig{InsecureSkipVerify: true, ServerName: "ups", MinVersion: promconfig.TLSVersions["TLS12"]},
		NUT:            NUTOptions{StartTLS: true, UPS: []string{"a", "b-1"}, Variables: []string{"battery.*"}},
	}
	slower := slow
	slower.Timeout = model.Duration(10 * time.Minute)
	slower.CacheTTL = 0
	nut := defaultModule("nut")
	nut.Timeout = model.Duration(5 * time.Second)
	want := &Config{
		Auths: map[string]Auth{
			"rack":       rack,
			"rack_again": rack,
			"plain":      {Username: "0123", Password: hidden, secret: new("0x10")},
		},
		Modules: Default().Modules,
		Targets: []Target{
			{Name: "rack-a", Address: "UPS1.example.net", Module: "slow", Auth: "rack", Labels: map[string]string{"site": "bts", "rack": "1"}},
			{Name: "rack b", Address: "[2001:db8::1]:1234", Module: "slower"},
		},
		Receivers: Receivers{
			PowerSentrix: &PowerSentrixReceiver{
				Companies:   []Company{{Name: "acme", IDFile: "testdata/secrets/upsmon", secret: new(password)}, {Name: "other", ID: hidden, secret: new("c0mpany")}},
				ExpireAfter: model.Duration(time.Minute), CurrentUnit: "10mA", Native: true, MaxDevices: 50,
			},
			SynLink: &SynLinkReceiver{
				Tokens:      []Token{{Name: "bts", Token: hidden, secret: new("h00k")}},
				ExpireAfter: model.Duration(10 * time.Minute), MaxDevices: 10_000,
			},
			TrustedProxies: []string{"10.0.8.0/24", "2001:db8::/32", "192.0.2.1", "::ffff:192.0.2.2"},
		},
		Probe:   Probe{AdHocTargets: AdHocTargets{Patterns: []string{"*.example.net", "10.0.0.0/8"}}},
		Storage: Storage{Path: "testdata/good/pushed"},
	}
	maps.Copy(want.Modules, map[string]Module{"nut": nut, "slow": slow, "slower": slower})
	if diff := cmp.Diff(want, got, unexported); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRedacted(t *testing.T) {
	t.Parallel()
	c := mustParse(t, `
auths:
  rack: {username: monitor, password: hunter2, targets: [10.0.8.0/24]}
modules:
  rack: {collector: nut, nut: {starttls: on}, tls_config: {min_version: TLS13}}
targets:
  - {name: rack-a, address: ups1, module: rack, auth: rack}
probe: {ad_hoc_targets: deny}
`)
	maps.DeleteFunc(c.Modules, func(name string, _ Module) bool { return name != "nut" && name != "rack" })
	got, err := c.Redacted()
	if err != nil {
		t.Fatal(err)
	}
	want := `auths:
    rack:
        username: monitor
        password: <secret>
        targets:
            - 10.0.8.0/24
modules:
    nut:
        collector: nut
        timeout: 10s
        max_concurrency: 1
        cache_ttl: 0s
        native: false
        tls_config:
            insecure_skip_verify: false
        follow_redirects: false
    rack:
        collector: nut
        timeout: 10s
        max_concurrency: 1
        cache_ttl: 0s
        native: false
        tls_config:
            insecure_skip_verify: false
            min_version: TLS13
        follow_redirects: false
        nut:
            starttls: true
targets:
    - name: rack-a
      address: ups1
      module: rack
      auth: rack
probe:
    ad_hoc_targets: deny
storage:
    path: data
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRedactedIsAConfiguration(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"",
		"probe: {ad_hoc_targets: []}",
		"probe: {ad_hoc_targets: [ups1, '*.example.net']}",
		"modules: {slow: {collector: nut, timeout: 1m, native: on, nut: {ups: [a], variables: ['*']}}}",
		"auths: {t: {token: <secret>, targets: ['https://10.0.8.0/24', '12345']}, k: {key: k, secret: <secret>}, a: {api_key: <secret>}, b: {username: u, password: <secret>, basic: on}}",
		"receivers: {powersentrix: {companies: [{name: a, id: <secret>}], expire_after: 1m, native: on}, synlink: {tokens: [{name: b, token: <secret>}]}, trusted_proxies: [10.0.8.0/24]}\nstorage: {path: /var/lib/x}",
		"modules: {s: {collector: synlink, proxy_url: 'http://proxy:3128', follow_redirects: off, synlink: {stream: on, window: 5m, endpoints: [outlets]}}}",
		"modules: {e: {collector: ems, ems: {signals: {29: {quantity: voltage, line: L1}, 7: {quantity: energy, scale: 3.6e6}}, protocol: tcp, uids: [1, 59], paths: {loads: /v2/loads}}}}",
		"modules: {p: {collector: powersentrix, powersentrix: {mode: portal, current_unit: 10mA, log_path: /ups/log}}, k: {collector: powerpulse, powerpulse: {kiosk: on}}, c: {collector: cloudtrax, cloudtrax: {url: 'http://cloud:8080', ports: off}}}",
		"targets: [{name: 'a: b #', address: ups1, module: nut, labels: {a: \"x\\ny\"}}]",
	} {
		c := mustParse(t, text)
		again, err := c.Redacted()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, mustParse(t, string(again)), unexported); diff != "" {
			t.Errorf("%s: (-read +read again)\n%s", text, diff)
		}
	}
}

func TestExample(t *testing.T) {
	t.Parallel()
	const folder = "/etc/power_exporter/"
	example, err := os.ReadFile("../examples/config.yml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(example), folder) {
		t.Fatalf("the example names no file in %s", folder)
	}
	dir := t.TempDir()
	cert, _ := keyPair(t)
	write(t, dir, "ca.pem", cert)
	for i, m := range regexp.MustCompile(folder+`([a-z_]+\.(?:password|token|secret|api_key|id))`).FindAllStringSubmatch(string(example), -1) {
		write(t, dir, m[1], fmt.Sprintf("%s-%d\n", password, i))
	}

	c, err := Parse("config.yml", []byte(strings.ReplaceAll(string(example), folder, dir+"/")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaultModule("nut"), c.Modules["nut"], unexported); diff != "" {
		t.Errorf("the default module is not written out as it is: (-want +got)\n%s", diff)
	}
	for _, q := range []Query{
		{Target: "basement"},
		{Target: "hall-2"},
		{Target: "10.0.8.3", Module: "nut"},
		{Target: "a.ups.example.net", Module: "nut_native", Auth: "ups_monitor"},
		{Target: "rack-a"},
		{Target: "rack-b"},
		{Target: "meters"},
		{Target: "office"},
		{Target: "mast-1"},
		{Target: "masts"},
		{Target: "homelab"},
		{Target: "https://10.0.9.7", Module: "synlink", Auth: "rack_pdus"},
	} {
		if _, err := c.Resolve(q); err != nil {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if strings.Contains(string(example), "password:") {
		t.Error("the example shows a password in the file")
	}
}
