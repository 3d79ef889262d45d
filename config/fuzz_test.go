package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse: no file panics, every problem has a line of its own, and what is
// accepted can be shown and read again.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.yml", "testdata/good/*.yml", "../examples/config.yml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	numbered := regexp.MustCompile(`^config\.yml:[1-9][0-9]*: `)
	f.Fuzz(func(t *testing.T, data []byte) {
		// A fuzzer that makes up paths would read any file, and wait for a pipe.
		if strings.Contains(string(data), "_file") {
			return
		}
		c, err := Parse("config.yml", data)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !numbered.MatchString(line) {
					t.Errorf("a problem without its line: %q", err)
				}
				if strings.Contains(line, "yaml:") || strings.Contains(line, "config.Module") {
					t.Errorf("not in the user's words: %q", line)
				}
			}
			return
		}
		text, err := c.Redacted()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse("config.yml", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		second, err := again.Redacted()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(second)); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzAllows compares with the slow and simple way to say the same, and makes
// sure that what an address cannot be is in no network.
func FuzzAllows(f *testing.F) {
	for _, s := range []string{"10.0.8.0/24", "*.pdu.example.net", "ups1:3493", "pdu?.example.net", "[2001:db8::1]:80", "https://ups1", "12345", "::ffff:10.0.0.0/104", "*"} {
		for _, host := range []string{"10.0.8.5", "010.0.8.5", "a.b.pdu.example.net", "UPS1.", "::ffff:10.0.8.5", "fe80::1%eth0", "2001:db8::1"} {
			f.Add(s, host, "3493")
		}
	}
	f.Fuzz(func(t *testing.T, s, host, port string) {
		addr := Address{Host: host, Port: port}
		auth := Auth{Targets: []string{s}}
		got := auth.Allows(addr)
		p, err := parsePattern(s)
		if err != nil {
			if got {
				t.Errorf("the bad pattern %q allows %q", s, addr)
			}
			return
		}
		if want := slowly(p, addr); got != want {
			t.Errorf("%q and %+v: got %v", s, addr, got)
		}
		// What a collector makes of the same text is matched in the same way.
		for _, read := range []func(string) (Address, error){nutAddress, httpAddress} {
			a, err := read(addr.String())
			a.Scheme = ""
			if err == nil && a.Port == port && auth.Allows(a) != got {
				t.Errorf("%q and %q: %v, and in its one spelling %v", s, addr, got, !got)
			}
		}
	})
}

// slowly is what pattern.matches does, with a regular expression.
func slowly(p pattern, addr Address) bool {
	if p.port != "" && p.port != addr.Port || p.scheme != "" && p.scheme != addr.Scheme {
		return false
	}
	if p.network != "" {
		return addr.Host == p.network && addr.Port == ""
	}
	if addr.Host == "" || strings.Contains(addr.Host, "%") {
		return false // no address of a target has a zone
	}
	ip, err := netip.ParseAddr(addr.Host)
	switch {
	case p.prefix.IsValid():
		return err == nil && p.prefix.Contains(ip.Unmap())
	case p.ip.IsValid():
		return err == nil && p.ip == ip.Unmap()
	case p.glob == "*":
		return true
	case err == nil:
		return false
	}
	expr := regexp.QuoteMeta(p.glob)
	if rest, ok := strings.CutPrefix(expr, `\*\.`); ok {
		expr = `(?:.*\.)?[^./]+\.` + rest
	}
	expr = strings.NewReplacer(`\*`, `[^./]*`, `\?`, `[^./]`).Replace(expr)
	host := strings.ToLower(strings.TrimSuffix(addr.Host, "."))
	return regexp.MustCompile(`^(?s:` + expr + `)$`).MatchString(host)
}
