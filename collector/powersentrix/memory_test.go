package powersentrix

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/power"
)

// TestWhatIsRememberedOfAUPS shows what is known of a UPS of the portal when less
// is told than before: who it is, and no reading.
func TestWhatIsRememberedOfAUPS(t *testing.T) {
	t.Parallel()
	const (
		summary = `{"location":"Rack A","comUptime":"1h"}`
		data    = `{"config":{"settings":{"remoteServer":{"upsId":"ups-00"}},"ident":{"sn":"S1","type":"T1"}},"upsData":{"temps":{"board":20}}}`
		serial  = `{"serialNumber":"S1"}`
		offline = `{"serialNumber":"S1","onOffLine":"offline"}`
		bare    = `{"upsData":{"temps":{"board":20}}}`
	)
	type told struct{ summary, data string } // empty for an error
	for _, tt := range []struct {
		name   string
		before []told
		now    told
		want   string // the device of now
	}{
		{"everything", nil, told{summary, data}, `"ups-00" is up: name "listed" at "Rack A", model "T1", serial "S1", 1 uptimes, 0 outlets, 0 inlets, 0 batteries, 1 sensors`},
		{"no summary yet", nil, told{"", data}, `"ups-00" is up: name "listed" at "", model "T1", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 1 sensors`},
		{"no summary", []told{{summary, data}}, told{"", data}, `"ups-00" is up: name "listed" at "Rack A", model "T1", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 1 sensors`},
		{"no identity", []told{{summary, data}}, told{summary, bare}, `"ups-00" is up: name "listed" at "Rack A", model "", serial "", 1 uptimes, 0 outlets, 0 inlets, 0 batteries, 1 sensors`},
		{"no readings", []told{{summary, data}}, told{summary, ""}, `"ups-00" is up: name "listed" at "Rack A", model "", serial "", 1 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors`},
		{"nothing", []told{{summary, data}}, told{}, `"ups-00" is down: name "listed" at "Rack A", model "T1", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors`},
		{"nothing for long", []told{{summary, data}, {}, {}}, told{}, `"ups-00" is down: name "listed" at "Rack A", model "T1", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors`},
		{"no summary after it was offline", []told{{summary, data}, {`{"onOffLine":"offline"}`, data}}, told{"", data}, `"ups-00" is down: name "listed" at "", model "", serial "", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors`},
		{"no readings but a serial number", []told{{serial, data}}, told{serial, ""}, `"ups-00" is up: name "listed" at "", model "", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors`},
		{"offline ever since", nil, told{offline, data}, `"S1" is down: name "listed" at "", model "", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors`},
		{"online at last", []told{{offline, data}}, told{serial, data}, `"ups-00" is up: name "listed" at "", model "T1", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 1 sensors`},
		{"offline again", []told{{serial, data}}, told{offline, data}, `"ups-00" is down: name "listed" at "", model "", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors`},
		{"no id but the portal's", nil, told{"", bare}, `"42" is up: name "listed" at "", model "", serial "", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 1 sensors`},
		{"a serial number after that", []told{{"", bare}}, told{serial, bare}, `"S1" is up: name "listed" at "", model "", serial "S1", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 1 sensors`},
		{"nothing after that", []told{{"", bare}}, told{}, `"42" is down: name "listed" at "", model "", serial "", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors`},
		{"nothing ever", nil, told{}, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var now atomic.Pointer[told]
			address := answer(t, func(w http.ResponseWriter, r *http.Request) (said string) {
				switch r.URL.Path {
				case "/api/v1/user/authenticate":
					return `{"token":"abc"}`
				case "/api/v1/ups/getUpsList":
					return `[{"id":42,"name":"listed"}]`
				case "/api/v1/ups/getBasicInfo":
					said = now.Load().summary
				default:
					said = now.Load().data
				}
				if said == "" {
					w.WriteHeader(http.StatusInternalServerError)
				}
				return said
			})
			c := start(t, portalOptions(t, address))
			for _, before := range tt.before {
				now.Store(&before)
				_, _ = collect(t, c) // which may fail
			}
			now.Store(&tt.now)
			devices, err := collect(t, c)
			if (err != nil) != (tt.now.summary == "" || tt.now.data == "") {
				t.Errorf("the error is %v", err)
			}
			if got := described(devices); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// described is all devices in short.
func described(devices []power.Device) string {
	var all []string
	for i := range devices {
		all = append(all, describe(&devices[i]))
	}
	return strings.Join(all, "\n")
}

// TestTheIDOfADirectUPS shows that a UPS that leaves out its name for once keeps
// its id, and that another one at its address does not get it.
func TestTheIDOfADirectUPS(t *testing.T) {
	t.Parallel()
	var now atomic.Pointer[string]
	address := answer(t, func(w http.ResponseWriter, r *http.Request) string {
		if r.URL.Query().Get("fn") != "2" {
			w.WriteHeader(http.StatusNotFound)
			return ""
		}
		return *now.Load()
	})
	c := start(t, options(t, address))
	for _, tt := range []struct{ data, want string }{
		{`{"upsData":{"temps":{"mcu":1}}}`, "127.0.0.1"},
		{`{"config":{"settings":{"remoteServer":{"upsId":"ups-01"}}},"upsData":{"temps":{"mcu":1}}}`, "ups-01"},
		{`{"upsData":{"temps":{"mcu":1}}}`, "ups-01"},
		{`{"config":{"settings":{"remoteServer":{"upsId":"ups-01"}},"ident":{"sn":"S1"}},"upsData":{"temps":{"mcu":1}}}`, "ups-01"},
		{`{"config":{"ident":{"sn":"S1"}},"upsData":{"temps":{"mcu":1}}}`, "ups-01"},
		{`{"config":{"ident":{"sn":"S2"}},"upsData":{"temps":{"mcu":1}}}`, "S2"},
	} {
		now.Store(&tt.data)
		if devices := mustCollect(t, c); len(devices) != 1 || devices[0].ID != tt.want {
			t.Errorf("%s: got %s, want the id %s", tt.data, described(devices), tt.want)
		}
	}
}

// TestConnectionsAreKept shows that readings of several UPSes at a time use the
// same connections again.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	const atATime = 6
	var opened atomic.Int32
	portal := powersentrixsim.NewPortal(simPortal(), fleet(t, 30)...)
	server := httptest.NewUnstartedServer(portal)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := portal.Close(); err != nil {
			t.Error(err)
		}
	})
	o := portalOptions(t, server.URL)
	o.Concurrency = atATime
	c := start(t, o)
	for range 3 {
		mustCollect(t, c)
	}
	// Go dials ahead when all are in use, so a few more may have been opened.
	if n := opened.Load(); n > 2*atATime {
		t.Errorf("%d connections for %d requests at a time", n, atATime)
	}
}
