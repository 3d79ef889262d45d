package e2e

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"power_exporter/e2e/program"
)

// bound is a configuration whose credentials go to one network and one domain,
// with a module of each protocol. What a URL may name without credentials are
// the same.
func bound(t *testing.T) (file string) {
	t.Helper()
	dir := room(t)
	write(t, dir, "password", newSecret()+"\n")
	return write(t, dir, "config.yml", `
auths:
  bound: {username: u, password_file: password, targets: [10.0.8.0/24, "*.ups.example.net"]}
modules:
  kiosk: {collector: powerpulse, powerpulse: {kiosk: on}}
probe: {ad_hoc_targets: [10.0.8.0/24, "*.ups.example.net"]}
`)
}

// spellings are ways to write an address that a careless check would let pass,
// and which lead to PORT of this machine or to what only this machine can reach.
var spellings = []string{
	// This machine
	"127.0.0.1:PORT", "127.1:PORT", "127.0.1:PORT", "2130706433:PORT", "0x7f000001:PORT", "0x7f.0.0.1:PORT", "0x7f.1:PORT",
	"0177.0.0.1:PORT", "017700000001:PORT", "127.0.0.1.:PORT", "0.0.0.0:PORT", "0:PORT", "localhost:PORT", "LOCALHOST.:PORT",
	"[::1]:PORT", "[::]:PORT", "[::ffff:127.0.0.1]:PORT", "[::ffff:7f00:1]:PORT", "[::127.0.0.1]:PORT", "[64:ff9b::7f00:1]:PORT",
	"[::1%25lo]:PORT", "[::1%lo]:PORT", "[::ffff:127.0.0.1%lo]:PORT", "127.0.0.1%lo:PORT", "[127.0.0.1]:PORT", "[0:0:0:0:0:0:0:1]:PORT",
	// What a cloud tells its machines
	"169.254.169.254", "169.254.169.254:80", "http://169.254.169.254/latest/meta-data/", "2852039166", "0xa9fea9fe", "0xa9.0xfe.0xa9.0xfe",
	"0251.0376.0251.0376", "169.254.43518", "169.16689662", "169.254.169.254.", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]",
	"[64:ff9b::a9fe:a9fe]", "[fd00:ec2::254]", "[fe80::a9fe:a9fe%25eth0]", "[fe80::1]", "metadata.google.internal", "169.254.169.254.nip.io",
	// One host for the check, another for the connection
	"10.0.8.5@127.0.0.1:PORT", "a.ups.example.net@127.0.0.1:PORT", "http://10.0.8.5@127.0.0.1:PORT", "http://10.0.8.5:80@127.0.0.1:PORT",
	"http://u:p@10.0.8.5:PORT", "127.0.0.1:PORT#@10.0.8.5", "127.0.0.1:PORT?.ups.example.net", "127.0.0.1:PORT/.ups.example.net",
	`127.0.0.1:PORT\.ups.example.net`, `http://127.0.0.1:PORT\@10.0.8.5`, "127.0.0.1:PORT,10.0.8.5", "127.0.0.1:PORT 10.0.8.5",
	"10.0.8.5:80:127.0.0.1:PORT", "[10.0.8.5]127.0.0.1:PORT", "http://[::1]@10.0.8.5:PORT", "10.0.8.5%2f@127.0.0.1:PORT", "http:127.0.0.1:PORT",
	"//127.0.0.1:PORT", "http:///127.0.0.1:PORT", "http://http://127.0.0.1:PORT", "127.0.0.1:PORT\t10.0.8.5", "１２７.0.0.1:PORT", "127。0。0。1:PORT",
	// Names that are nearly in the domain
	"ups.example.net:PORT", "xups.example.net:PORT", "a.ups.example.net.evil.example:PORT", "evil.example#.ups.example.net", ".ups.example.net:PORT",
	"a..ups.example.net:PORT", "a.ups.example.net\x00.evil.example:PORT", "a.ups.example.net%00:PORT", "*.ups.example.net:PORT", "а.ups.example.net:PORT",
	// Other protocols, and more than one line
	"file:///etc/passwd", "gopher://127.0.0.1:PORT/_x", "dict://127.0.0.1:PORT/d", "ftp://127.0.0.1:PORT", "unix:///run/x.sock", "ws://127.0.0.1:PORT",
	"javascript:alert(1)", "10.0.8.5\r\nHost: 127.0.0.1:PORT", "10.0.8.5\nPASSWORD x", "127.0.0.1:PORT\r\n", "\r\n127.0.0.1:PORT", "10.0.8.5\x00",
	"10.0.8.5:PORT\r\nX: y", "10.0.8.5:0", "10.0.8.5:-1", "10.0.8.5:65536", "10.0.8.5:http", "10.0.8.5/8", "-oProxyCommand=x", "", " ",
}

// TestNoSpellingLeadsAstray shows that no way to write a target passes for one
// that is allowed and is another, with credentials or without, whatever the
// protocol: each is refused, and nobody is asked anything.
func TestNoSpellingLeadsAstray(t *testing.T) {
	t.Parallel()
	here := listen(t, rebuff)
	_, port, _ := strings.Cut(here.address, ":")
	e := startExporter(t, "--config.file="+bound(t))
	for _, module := range []string{"nut", "kiosk", "powerpulse"} {
		for _, spelling := range spellings {
			for _, auth := range []string{"", "bound"} {
				target := strings.ReplaceAll(spelling, "PORT", port)
				query := url.Values{"module": {module}, "target": {target}}
				if auth != "" {
					query.Set("auth", auth)
				}
				p := e.get(t, "/probe?"+query.Encode())
				if p.status != http.StatusBadRequest && p.status != http.StatusForbidden {
					t.Errorf("%s with auth %q: %q is probed: status %d and\n%s", module, auth, target, p.status, p.body)
				}
			}
		}
	}
	if n := here.connections.Load(); n != 0 {
		t.Errorf("%d connections came here", n)
	}
	for line := range strings.Lines(e.metrics(t).body) {
		if strings.HasPrefix(line, "power_exporter_probes_total{") && !strings.Contains(line, `result="refused"`) && !strings.HasSuffix(line, " 0\n") {
			t.Errorf("a probe was made: %s", line)
		}
	}
}

// TestParametersInjectNothing sends parameters with line breaks, quotes and
// tags. None of them reaches a device, makes a header, a line in the log or
// something that a browser runs.
func TestParametersInjectNothing(t *testing.T) {
	t.Parallel()
	device := listen(t, func(c net.Conn) { _, _ = io.WriteString(c, "BEGIN LIST UPS\nEND LIST UPS\n"); silence(c) })
	e := startExporter(t, "--log.level=debug")
	for _, hostile := range []string{
		"a\nUSERNAME x", "a\r\nFSD a", "a\x00b", "a b", `a" b`, `a\`, "a/b", "<script>alert(1)</script>", "a\r\n\r\nHTTP/1.1 200 OK", strings.Repeat("a", 100_000), "",
	} {
		for _, name := range []string{"ups", "module", "auth", "device", "debug", "target", "x\r\nSet-Cookie: a=b", "<script>"} {
			query := url.Values{"target": {device.address}, "module": {"nut"}}
			query.Set(name, hostile)
			p := e.get(t, "/probe?"+query.Encode())
			if p.header.Get("Set-Cookie") != "" || p.header.Get("X-Content-Type-Options") != "nosniff" && p.status != http.StatusOK {
				t.Errorf("%s=%.40q: status %d, headers %v", name, hostile, p.status, p.header)
			}
			if kind := p.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain;") {
				t.Errorf("%s=%.40q: it is %s", name, hostile, kind)
			}
		}
	}
	e.Stop(t)
	if device.connections.Load() == 0 {
		t.Error("the device was not asked at all")
	}
	for line := range strings.Lines(device.heard.String()) {
		if line != "LIST UPS\n" {
			t.Errorf("the device heard %q", line)
		}
	}
	for line := range strings.Lines(e.Stderr()) {
		if !logfmt.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("not logfmt: %.200s", line)
		}
	}
}

// TestHalfARequestEnds shows that nobody holds a connection with a request that
// never becomes whole.
func TestHalfARequestEnds(t *testing.T) {
	t.Parallel()
	e := startExporter(t)
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", e.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(program.Patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "GET /metrics HTTP/1.1\r\nHost: a\r\n"); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(c); err != nil || strings.Contains(string(answer), "200 OK") {
		t.Errorf("it ended with %q, %v", answer, err)
	}
}
