package synlink

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/power"
)

// TestGone follows a PDU that loses its power: it is down while it is known,
// and nothing at all before.
func TestGone(t *testing.T) {
	t.Parallel()
	single8 := power.Device{
		ID: "1000016", Vendor: "Synaccess", Model: "SP-1001CA", Serial: "1000016", Firmware: "1.0.3", Hardware: "1.0.0",
		Kind: power.KindPDU, Name: "SynLink single8",
	}
	for _, tt := range []struct {
		name      string
		access    Access
		endpoints []string
		down      power.Device
	}{
		{"token", Access{Token: synlinksim.AdminToken}, endpoints, single8},
		{"session", loggedIn(), endpoints, single8},
		{
			"without a word about itself", loggedIn(),
			[]string{"banks"},
			power.Device{ID: "pdu.example.net", Vendor: "Synaccess", Kind: power.KindPDU},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
				o := n.options()
				o.Access, o.Endpoints = tt.access, tt.endpoints
				c := open(t, o)
				down := func(want ...power.Device) {
					t.Helper()
					devices, err := collect(t, c)
					if err == nil {
						t.Error("no error")
					}
					wantDevices(t, devices, want...)
				}
				n.down.Store(true)
				down()
				n.down.Store(false)
				read(t, c)
				pass(time.Minute)
				n.down.Store(true)
				n.cut()
				pdu.ExpireSessions()
				down(tt.down)
				down(tt.down)
				n.down.Store(false)
				read(t, c)
			})
		})
	}
}

// TestHopeless shows that no more is asked of a PDU that takes no connections,
// and what is said.
func TestHopeless(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		access Access
		want   string
	}{
		{Access{Token: synlinksim.AdminToken}, "reading device: GET http://pdu.example.net/api/device: dial tcp: connection refused"},
		{loggedIn(), "logging in: POST http://pdu.example.net/login: dial tcp: connection refused"},
	} {
		n := newNetwork()
		n.down.Store(true)
		o := n.options()
		o.Access = tt.access
		devices, err := collect(t, open(t, o))
		if err == nil {
			t.Fatal("no error")
		}
		first, rest, _ := strings.Cut(err.Error(), "\n")
		if first != tt.want || tt.access.Token != "" && !strings.Contains(rest, "not asked any more: ") {
			t.Errorf("error is %v", err)
		}
		if asked := n.refused.Load(); asked > 2 || len(devices) > 0 {
			t.Errorf("%d connections tried, %d devices", asked, len(devices))
		}
	}
}

// TestKnownByEarlierAnswers shows that a PDU keeps its identity while it does
// not say who it is.
func TestKnownByEarlierAnswers(t *testing.T) {
	t.Parallel()
	pdu, base := play(t, synlinksim.Options{}, "single8")
	c := open(t, options(base))
	before := read(t, c)
	pdu.SetFault("/api/device", synlinksim.Fault{Status: 500})
	pdu.SetFault("/api/inlets", synlinksim.Fault{Status: 500})
	devices, err := collect(t, c)
	if err == nil || len(devices) != 1 || !devices[0].Up {
		t.Fatalf("%d devices, %v", len(devices), err)
	}
	now := devices[0]
	wantDevices(t, []power.Device{now.Down()}, before.Down())
	if len(now.Uptimes) > 0 {
		t.Error("a reading of before is there as well")
	}
}

// TestNobodyListens is about an address where nothing is.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	o := options(parse(t, "http://"+address))
	o.Endpoints = []string{"device"}
	devices, err := collect(t, open(t, o))
	wantError(t, err, "reading device: GET http://"+address+"/api/device: dial tcp "+address+": connect: connection refused")
	if len(devices) > 0 {
		t.Errorf("devices are %+v", devices)
	}
}

// TestAnUntrustedCertificate shows that a PDU whose certificate is not to be
// believed is asked no more than each worker has found out, and hears no
// credentials.
func TestAnUntrustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was sent", r.Method, r.URL)
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := collect(t, open(t, options(parse(t, server.URL))))
	const untrusted = ": tls: failed to verify certificate: x509: certificate signed by unknown authority"
	wantError(t, err, "reading device: GET "+server.URL+"/api/device"+untrusted+
		"\nreading inlets: GET "+server.URL+"/api/inlets"+untrusted+
		"\nnot asked any more: banks, outlets, sensors, groups, events, conf, diagnostics")
}
