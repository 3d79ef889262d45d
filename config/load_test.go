package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoadUnreadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := Load(filepath.Join(dir, "none.yml"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("want fs.ErrNotExist, got %v", err)
	}
	if want := "reading the configuration " + filepath.Join(dir, "none.yml") + ": no such file or directory"; err == nil || err.Error() != want {
		t.Errorf("want %s, got %v", want, err)
	}
	if _, err := Load(dir); err == nil || !strings.HasSuffix(err.Error(), ": is a directory") {
		t.Errorf("a folder: %v", err)
	}
}

// TestRelativePaths loads a file from elsewhere: what it names is next to it.
func TestRelativePaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := keyPair(t)
	write(t, dir, "secret", password)
	write(t, dir, "cert.pem", cert)
	write(t, dir, "key.pem", key)
	c, err := Load(write(t, dir, "config.yml", `
auths: {a: {username: u, password_file: secret}}
modules: {nut: {nut: {starttls: on}, tls_config: {ca_file: cert.pem, cert_file: cert.pem, key_file: key.pem}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		c.Auths["a"].PasswordFile,
		c.Modules["nut"].TLSConfig.CAFile,
		c.Modules["nut"].TLSConfig.CertFile,
		c.Modules["nut"].TLSConfig.KeyFile,
	} {
		if filepath.Dir(path) != dir {
			t.Errorf("%s is not in the folder of the file", path)
		}
	}
}

// TestOneLineEach has line breaks wherever a message shows what was written.
func TestOneLineEach(t *testing.T) {
	t.Parallel()
	_, err := Parse("config.yml", []byte(`
auths: {"a\nb": {username: u, password_file: "c\nd"}, "": {username: u, password: p}}
modules: {"e\nf": {collector: "g\nh", tls_config: {ca_file: "i\nj"}}, "k\nl": {collector: nut, nut: {ups: ["m\nn"], variables: ["[\n"]}}}
targets:
  - {name: "o\np", address: "q\nr", module: nut, labels: {"s\nt": x}, auth: "u\nv"}
  - {name: w, address: x, module: "y\nz"}
  - {name: w, address: x, "\n": "\n"}
probe: {ad_hoc_targets: ["\n"]}
`))
	if got := split(err); len(got) != strings.Count(err.Error(), "\n")+1 || len(got) < 15 {
		t.Errorf("%d problems:\n%v", len(got), err)
	}
}

func TestForeignOptions(t *testing.T) {
	t.Parallel()
	p := newProblems("config.yml")
	p.lines["modules.rack.synlink"] = 7
	checkForeign(p, "modules.rack", "nut", []string{"ems", "nut", "synlink"})
	want := "config.yml:7: modules.rack.synlink: these are options of the collector synlink, and this module has collector: nut: remove them"
	if err := p.err(); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// TestAliasBombs are small files that stand for a large one, in every place
// where an alias is followed.
func TestAliasBombs(t *testing.T) {
	t.Parallel()
	many := func(alias string) string { return strings.Repeat(alias+", ", 1500) + alias }
	for name, text := range map[string]string{
		"lists in groups": "auths:\n  a: &a {username: u, password: p, targets: [" + many("x") + "]}\n" + repeat(1500, "  a%d: *a\n"),
		"list of groups":  "targets:\n  - &a {name: a, labels: &l {" + strings.TrimSuffix(repeat(1500, "l%d: x, "), ", ") + "}}\n" + strings.Repeat("  - *a\n", 1500),
		"merged lists":    "modules:\n  a: &a {}\n  b: &b {<<: [" + many("*a") + "]}\n  c: &c {<<: [" + many("*b") + "]}\n  d: {<<: [" + many("*c") + "]}\n",
		"merged keys":     "targets:\n  - labels: &a {" + strings.TrimSuffix(repeat(1500, "l%d: x, "), ", ") + "}\n  - labels: {<<: [" + many("*a") + "]}\n",
	} {
		_, err := Parse("config.yml", []byte(text))
		if err == nil || !strings.HasSuffix(err.Error(), ": the aliases repeat too much of the file: write it with fewer") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %.300v", name, err)
		}
	}
	// As many aliases as a large installation could have.
	var text strings.Builder
	text.WriteString("targets:\n")
	for i := range 2000 {
		anchor := "*l"
		if i == 0 {
			anchor = "&l {site: hq, owner: facility, room: basement, tier: one}"
		}
		fmt.Fprintf(&text, "  - {name: rack-%d, address: ups%d, module: nut, labels: %s}\n", i, i, anchor)
	}
	if _, err := Parse("config.yml", []byte(text.String())); err != nil {
		t.Errorf("good aliases: %.300v", err)
	}
}

// repeat is format for every number below n.
func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestDeepNesting(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		strings.Repeat("[", 20_000),
		strings.Repeat("{a: ", 20_000),
		strings.Repeat("- ", 20_000),
		"modules: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
	} {
		if _, err := Parse("config.yml", []byte(text)); err == nil {
			t.Errorf("%.20q…: no error", text)
		}
	}
}

// TestSyntaxLine has files in which the parser notices a mistake far below it.
func TestSyntaxLine(t *testing.T) {
	t.Parallel()
	above := repeat(100, "  - {name: a%d, address: ups1, module: nut}\n")
	for mistake, want := range map[string]int{
		"  - {name: b, address: ups1\n":             102,
		"  - {name: b, labels: [x}\n":               102,
		"  - {name: \"b, address: ups1}\n":          102,
		"  - {name: 'b, address: ups1}\n":           102,
		"  - name: b\n   address: ups1\n":           103,
		"  - name: b\n    address: ups1: 3493\n":    103,
		"  - name: b\n\taddress: ups1\n":            103,
		"  - name: *b\n":                            102,
		" - name: b\n":                              102,
		"  - name: b\n    labels:\n      a: b: c\n": 104,
		"  - name: @b\n":                            102,
	} {
		for _, below := range []string{"", above} {
			_, err := Parse("config.yml", []byte("targets:\n"+above+mistake+below))
			var line int
			if err == nil {
				t.Errorf("%q: no error", mistake)
			} else if _, scanErr := fmt.Sscanf(err.Error(), "config.yml:%d: not valid YAML:", &line); scanErr != nil || line != want {
				t.Errorf("%q, %d lines below: want line %d, got %v", mistake, strings.Count(below, "\n"), want, err)
			}
		}
	}
}

// TestEncodings has texts that are not written as they are.
func TestEncodings(t *testing.T) {
	t.Parallel()
	c := mustParse(t, "targets: [{name: !!binary cmFjaw==, address: !!str ups1, module: nut, labels: {a: 0x10, b: yes, c: 2026-01-01}}]")
	if got := c.Targets[0]; got.Name != "rack" || got.Labels["a"] != "0x10" || got.Labels["b"] != "yes" || got.Labels["c"] != "2026-01-01" {
		t.Errorf("got %+v", got)
	}
	for _, name := range []string{"!!binary /w==", "!!binary '*'"} {
		_, err := Parse("config.yml", []byte("targets: [{name: "+name+", address: ups1, module: nut}]"))
		if want := "config.yml:1: targets[0].name: must be text, not a single value"; err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMergedKeys(t *testing.T) {
	t.Parallel()
	c := mustParse(t, `
modules:
  a: &a {collector: nut, timeout: 1s, max_concurrency: 2}
  b: &b {<<: *a, timeout: 2s}
  c: {<<: [{timeout: 3s}, *b], cache_ttl: 4s}
`)
	if got := c.Modules["c"]; got.Timeout.String() != "3s" || got.CacheTTL.String() != "4s" || got.MaxConcurrency != 2 || got.Collector != "nut" {
		t.Errorf("got %+v", got)
	}
	if got := c.Modules["b"]; got.Timeout.String() != "2s" {
		t.Errorf("got %+v", got)
	}
}

func TestQuoteIsBounded(t *testing.T) {
	t.Parallel()
	if got := quote(strings.Repeat("ü", 1000)); len(got) > 110 || !strings.HasSuffix(got, `ü"…`) {
		t.Errorf("got %s", got)
	}
}
