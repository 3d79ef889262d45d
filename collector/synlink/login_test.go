package synlink

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
)

// TestALogInThatFails is about PDUs that do not answer a log-in as they should.
func TestALogInThatFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault synlinksim.Fault
		want  string
	}{
		{"no such path", synlinksim.Fault{Status: 404}, "POST $/api/login: 404 Not Found: is this a SynLink PDU?"},
		{"trouble", synlinksim.Fault{Status: 500}, "POST $/login: 500 Internal Server Error"},
		{"overload", synlinksim.Fault{Status: 429}, "POST $/login: 429 Too Many Requests: it is asked too often; scrape it less often, or set the module's cache_ttl"},
		{
			"full",
			synlinksim.Fault{Status: 403},
			`POST $/login: 403 Forbidden: the credentials were refused: look at user name and password of auth "pdu", and at the user's state in the PDU`,
		},
		{
			"a web page",
			synlinksim.Fault{Body: []byte(synlinksim.HTMLPage), ContentType: "text/html"},
			"POST $/login: the answer has no cookie SPID and no header Token: is this a SynLink PDU?",
		},
		{"empty", synlinksim.Fault{Body: []byte{}}, "POST $/login: the answer has no cookie SPID and no header Token: is this a SynLink PDU?"},
		{"hangs up", synlinksim.Fault{Reset: true}, "POST $/login: the server closed the connection"},
		{
			"elsewhere",
			synlinksim.Fault{Location: "http://login.example.net/?x=y"},
			"POST $/login: 302 Found to http://login.example.net, which is not followed: if that is the device, use it as the address",
		},
		{
			"slow",
			synlinksim.Fault{Delay: time.Minute},
			"POST $/login: no whole answer within the time of the probe: context deadline exceeded",
		},
		{"huge", synlinksim.Fault{Size: 17 << 20}, "POST $/login: the answer is larger than 16 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
				pdu.SetFault("/login", tt.fault)
				pdu.SetFault("/api/login", tt.fault)
				o := n.options()
				o.Access = loggedIn()
				c := open(t, o)
				devices, err := collect(t, c)
				wantError(t, err, "logging in: "+strings.ReplaceAll(tt.want, "$", "http://pdu.example.net"))
				if stats := pdu.Stats(); len(devices) > 0 || total(stats) != stats.Requests["/login"]+stats.Requests["/api/login"] {
					t.Errorf("%d devices, %+v", len(devices), stats)
				}
				pdu.SetFault("/login", synlinksim.Fault{})
				pass(time.Minute)
				read(t, c)
			})
		})
	}
}

// TestALogInThatFailsLater shows that no more is asked once a session has ended
// and there is no other, and that each error says so.
func TestALogInThatFailsLater(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		want   string
		asked  int // at most: one of each worker, and its log-in
	}{
		{"trouble", 500, "/login: 500 Internal Server Error", 4},
		{"no such path", 404, "/api/login: 404 Not Found: is this a SynLink PDU?", 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pdu, base := play(t, synlinksim.Options{}, "single8")
			o := options(base)
			o.Access = loggedIn()
			c := open(t, o)
			read(t, c)
			pdu.ExpireSessions()
			pdu.SetFault("/login", synlinksim.Fault{Status: tt.status})
			pdu.SetFault("/api/login", synlinksim.Fault{Status: tt.status})
			before := pdu.Stats()
			devices, err := collect(t, c)
			failed := "logging in: POST " + base.String() + tt.want
			wantError(t, err, "reading device: "+failed+"\nreading inlets: "+failed+
				"\nnot asked any more: banks, outlets, sensors, groups, events, conf, diagnostics")
			if len(devices) != 1 || devices[0].Up || devices[0].Serial != "1000016" {
				t.Errorf("devices are %+v", devices)
			}
			if n := total(pdu.Stats()) - total(before); n > tt.asked {
				t.Errorf("%d requests, want %d at most", n, tt.asked)
			}
		})
	}
}
