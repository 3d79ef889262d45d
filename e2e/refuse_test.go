package e2e

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// TestWrongRequests shows that a request which cannot succeed is refused with a
// sentence that says what to do, and that nobody is asked anything.
func TestWrongRequests(t *testing.T) {
	t.Parallel()
	target := listen(t, silence)
	config := write(t, room(t), "config.yml", `
modules:
  one: {collector: nut, nut: {ups: [first]}}
targets:
  - {name: rack, address: "`+target.address+`", module: nut}
`)
	e := startExporter(t, "--config.file="+config)
	for _, c := range []struct{ name, query, answer string }{
		{"nothing", "", `parameter target is missing: add target= with the name of a configured target, or with an address and module=`},
		{"no module", "target=" + target.address, `target "` + target.address + `" is not configured by that name, and parameter module is missing: correct the name, or add module= with one of `},
		{"unknown module", "module=nutt&target=" + target.address, `unknown module "nutt": `},
		{"unknown auth", "module=nut&auth=nosuch&target=" + target.address, `unknown auth "nosuch": `},
		{"unknown parameter", "module=nut&upss=a&target=" + target.address, `unknown parameter "upss": known are target, module, auth, device, debug, ups`},
		{"parameter of a named target", "target=rack&modul=nut", `unknown parameter "modul": known are target, module, auth, device, debug, ups`},
		{"other module", "target=rack&module=one", `target "rack" is configured with module "nut": leave out module="one"`},
		{"given twice", "module=nut&target=a&target=b", `parameter target is given 2 times: give it once`},
		{"debug", "module=nut&debug=maybe&target=" + target.address, `parameter debug is "maybe": it must be true or false`},
		{"not the module's UPS", "module=one&ups=second&target=" + target.address, `parameter ups is "second": module one reads only ["first"]`},
		{"a URL", "module=nut&target=http://" + target.address, `target "http://` + target.address + `" is not host or host:port: leave out "http://"`},
		{"credentials", "module=nut&target=" + url.QueryEscape("monitor@"+target.address), `target "monitor@` + target.address + `" is not host or host:port: leave out the @ and what is before it: credentials belong in auths, a UPS name in ups`},
	} {
		p := e.get(t, "/probe?"+c.query)
		if p.status != http.StatusBadRequest || !strings.HasPrefix(p.body, c.answer) {
			t.Errorf("%s: status %d and\n%swant 400 and\n%s", c.name, p.status, p.body, c.answer)
		}
	}
	header := http.Header{"X-Prometheus-Scrape-Timeout-Seconds": {"soon"}}
	p, err := e.fetch(t.Context(), http.MethodGet, "/probe?target=rack", header)
	if err != nil || p.status != http.StatusBadRequest {
		t.Errorf("a scrape timeout that is no number: status %d, %v", p.status, err)
	}
	if n := target.connections.Load(); n != 0 {
		t.Errorf("the target was asked %d times", n)
	}
	refused := 0.0
	m := e.metrics(t)
	for _, module := range []string{"", "nut", "one"} {
		if n, err := strconv.ParseFloat(m.value(`power_exporter_probes_total{module="`+module+`",result="refused"}`), 64); err == nil {
			refused += n
		}
	}
	if refused == 0 {
		t.Errorf("no refused request was counted:\n%s", m.body)
	}
}

// TestCredentialsStayHome shows that nobody can have a password sent to where
// the configuration does not send it, nor make the exporter connect to what it
// may not.
func TestCredentialsStayHome(t *testing.T) {
	t.Parallel()
	stranger, friend := listen(t, rebuff), listen(t, rebuff)
	secret := newSecret()
	config := write(t, room(t), "config.yml", `
auths:
  bound: {username: monitor, password: '`+secret+`', targets: ["`+friend.address+`"]}
probe: {ad_hoc_targets: ["127.0.0.1"]}
`)
	e := startExporter(t, "--config.file="+config)
	_, port, _ := strings.Cut(stranger.address, ":")
	for query, answer := range map[string]string{
		"auth=bound&target=" + stranger.address: `auth "bound" is not bound to ` + stranger.address + `: add "` + stranger.address + `" to auths.bound.targets in the configuration, or configure the target by name`,
		"target=localhost:" + port:              `target "localhost:` + port + `" is not configured, and matches no pattern of probe.ad_hoc_targets: add "localhost:` + port + `" there, or configure the target by name`,
	} {
		p := e.get(t, "/probe?module=nut&"+query)
		p.wantStatus(t, http.StatusForbidden)
		if strings.TrimSpace(p.body) != answer {
			t.Errorf("%s: the answer is\n%swant\n%s", query, p.body, answer)
		}
	}

	// Connections are accepted in the order in which they were made: that this
	// one is the first shows that there was none before it.
	e.probe(t, "module=nut&target="+stranger.address).want(t, map[string]string{"probe_success": "0"})
	if n := stranger.connections.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	if heard := stranger.heard.String(); heard != "LIST UPS\n" {
		t.Errorf("the stranger heard %q", heard)
	}

	// Who may have the password gets it.
	e.probe(t, "module=nut&auth=bound&target="+friend.address)
	password := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)
	if heard := friend.heard.String(); !strings.Contains(heard, `PASSWORD "`+password+`"`) {
		t.Errorf("the friend heard %q", heard)
	}
}
