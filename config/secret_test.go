package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// TestSecretsAreNotShown prints and marshals whatever holds a secret in every
// way that a log line or a page could.
func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "secret", password+"-from-file\n")
	cert, key := keyPair(t)
	inline := func(pem string) string { return strings.ReplaceAll(strings.TrimSpace(pem), "\n", "\n        ") }
	c, err := Parse(dir+"/config.yml", []byte(`
auths:
  inline: {username: monitor, password: hunter2}
  file: {username: monitor, password_file: secret}
  token: {token: hunter2}
  signature: {key: k, secret: hunter2}
  apikey: {api_key: hunter2}
receivers:
  powersentrix: {companies: [{name: acme, id: hunter2}, {name: file, id_file: secret}]}
  synlink: {tokens: [{name: bts, token: hunter2}]}
modules:
  nut:
    nut: {starttls: on}
    tls_config:
      cert: |
        `+inline(cert)+`
      key: |
        `+inline(key)+`
targets:
  - {name: a, address: ups1, module: nut, auth: inline}
  - {name: b, address: ups1, module: nut, auth: file}
`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Resolve(Query{Target: "a"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.Resolve(Query{Target: "b"})
	if err != nil {
		t.Fatal(err)
	}
	if _, got := a.Auth.Credentials(); got != password {
		t.Fatalf("password is %q", got)
	}
	if _, got := b.Auth.Credentials(); got != password+"-from-file" {
		t.Fatalf("password from the file is %q", got)
	}
	if string(a.Module.TLSConfig.Key) != key {
		t.Fatal("the key is not the one of the file")
	}

	var shown bytes.Buffer
	for name, v := range map[string]any{
		"config": c, "config value": *c, "receivers": c.Receivers, "companies": c.Receivers.PowerSentrix.Companies, "tokens": c.Receivers.SynLink.Tokens,
		"auths": c.Auths, "modules": c.Modules,
		"auth": a.Auth, "auth value": *a.Auth, "auth of a file": b.Auth,
		"module": a.Module, "module value": *a.Module,
		"resolved": a, "resolved pointer": &b,
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&shown, name+": "+verb+"\n", v)
		}
		inJSON, err := json.Marshal(v)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		inYAML, err := yaml.Marshal(v)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		shown.Write(inJSON)
		shown.Write(inYAML)
		slog.New(slog.NewTextHandler(&shown, nil)).Info("value", "v", v)
		slog.New(slog.NewJSONHandler(&shown, nil)).Info("value", "v", v)
	}
	redacted, err := c.Redacted()
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(redacted)

	// Package fmt does not call methods on unexported fields.
	type nested struct {
		config   Config
		auth     Auth
		module   Module
		resolved Resolved
	}
	// A wrong verb prints what is behind the pointer of an unexported field, and
	// there fmt asks nobody; vet finds those. Every verb that fits is safe.
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		fmt.Fprintf(&shown, verb, nested{config: *c, auth: *a.Auth, module: *a.Module, resolved: b})
	}
	body := strings.Split(key, "\n")[1] // the first line of the key itself
	for _, secret := range []string{password, fmt.Sprintf("%x", password), fmt.Sprintf("%X", password), body, fmt.Sprintf("%x", body)} {
		if i := strings.Index(shown.String(), secret); i >= 0 {
			t.Errorf("a secret is shown: …%s", shown.String()[max(0, i-200):i+len(secret)])
		}
	}
	if !strings.Contains(string(redacted), "<secret>") {
		t.Errorf("no <secret> in\n%s", redacted)
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"auths: {a: {username: u, password: [hunter2]}}",
		"auths: {a: {username: u, password: {hunter2: x}}}",
		"auths: {a: {username: u, password: *hunter2}}",
		"auths: {a: {username: u, password: !hunter2}}",
		"auths: {a: {username: u, password: \"hunter2\n}}",
		"auths: {a: {username: u, password: \"hunter2\\x\"}}",
		"auths: {a: {username: u, password: \"hunter2\\n\"}}",
		"auths: {a: {username: u, password: hunter2, password: hunter2}}",
		"auths: {a: {password: hunter2}}",
		"auths: {a: hunter2}",
		"auths: {a: [hunter2]}",
		"modules: {a: {collector: nut, tls_config: {cert: hunter2, key: hunter2}}}",
		"modules: {a: {collector: nut, tls_config: {key: hunter2}}}",
		"modules: {a: {collector: nut, tls_config: {key: [hunter2]}}}",
		"modules: {a: {collector: synlink, proxy_url: 'http://u:hunter2@proxy'}}",
		"modules: {a: {collector: synlink, proxy_url: 'u:hunter2@proxy'}}",
		"auths: {a: {token: hunter2, api_key: hunter2}}",
		"auths: {a: {secret: hunter2}}",
		"receivers: {powersentrix: {companies: [{name: a, id: hunter2}, {name: b, id: hunter2}]}}",
		"receivers: {synlink: {tokens: [{token: hunter2}, {name: b, token: [hunter2]}]}}",
	} {
		_, err := Parse("config.yml", []byte(text))
		if err == nil {
			t.Errorf("%q: no error", text)
		} else if strings.Contains(err.Error(), password) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestPasswordFile(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"x":        "x",
		"x\n":      "x",
		"x\r\n":    "x",
		"\tx \n":   "\tx ",
		"\xff":     "\xff",
		"a\tb\"\\": "a\tb\"\\",
	} {
		dir := t.TempDir()
		write(t, dir, "secret", content)
		c, err := Parse(dir+"/config.yml", []byte("auths: {a: {username: u, password_file: secret}}"))
		if err != nil {
			t.Fatalf("%q: %v", content, err)
		}
		a := c.Auths["a"]
		if username, got := a.Credentials(); got != want || username != "u" {
			t.Errorf("%q: got %q, %q", content, username, got)
		}
	}
	for content, want := range map[string]string{
		"\n\n":                              "the file has more than one line",
		"a\x00":                             "the file has more than one line or a NUL",
		strings.Repeat("a", maxSecret+1):    "larger than 64 KiB",
		strings.Repeat("a\n", maxSecret/20): "the file has more than one line",
	} {
		dir := t.TempDir()
		path := write(t, dir, "secret", content)
		_, err := Parse("config.yml", []byte("auths: {a: {username: u, password_file: "+path+"}}"))
		if err == nil || !strings.Contains(err.Error(), "config.yml:1: auths.a.password_file: reading "+path+": "+want) {
			t.Errorf("%.10q: %v", content, err)
		}
	}
}

// TestCredentialsWithoutLoading is for code that makes an Auth itself.
func TestCredentialsWithoutLoading(t *testing.T) {
	t.Parallel()
	a := Auth{Username: "u", Password: "p"}
	if username, got := a.Credentials(); username != "u" || got != "p" {
		t.Errorf("got %q, %q", username, got)
	}
}
