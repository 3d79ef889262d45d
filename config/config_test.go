package config

import (
	"crypto/tls"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	promconfig "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
)

// unexported lets cmp see the passwords.
var unexported = cmp.Options{cmp.AllowUnexported(Auth{}), cmpopts.IgnoreUnexported(Module{})}

func TestDefaults(t *testing.T) {
	t.Parallel()
	want := &Config{Modules: map[string]Module{
		"nut": {Collector: "nut", Timeout: model.Duration(10 * time.Second), MaxConcurrency: 1, TLSConfig: &promconfig.TLSConfig{}},
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
		password:     new(password),
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
			"plain":      {Username: "0123", Password: hidden, password: new("0x10")},
		},
		Modules: map[string]Module{"nut": nut, "slow": slow, "slower": slower},
		Targets: []Target{
			{Name: "rack-a", Address: "UPS1.example.net", Module: "slow", Auth: "rack", Labels: map[string]string{"site": "bts", "rack": "1"}},
			{Name: "rack b", Address: "[2001:db8::1]:1234", Module: "slower"},
		},
		Probe: Probe{AdHocTargets: AdHocTargets{Patterns: []string{"*.example.net", "10.0.0.0/8"}}},
	}
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
    rack:
        collector: nut
        timeout: 10s
        max_concurrency: 1
        cache_ttl: 0s
        native: false
        tls_config:
            insecure_skip_verify: false
            min_version: TLS13
        nut:
            starttls: true
targets:
    - name: rack-a
      address: ups1
      module: rack
      auth: rack
probe:
    ad_hoc_targets: deny
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
	write(t, dir, "ups_monitor.password", password+"\n")

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
	} {
		if _, err := c.Resolve(q); err != nil {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if strings.Contains(string(example), "password:") {
		t.Error("the example shows a password in the file")
	}
}
