package powerpulse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// faults is what a web server can do wrong, by a name for it.
var faults = []struct {
	name  string
	fault simfault.Fault
}{
	{"400", simfault.Fault{Status: http.StatusBadRequest, Body: []byte(`{"message":"Invalid credentials"}`)}},
	{"400 HTML", simfault.Fault{Status: http.StatusBadRequest, Body: []byte(simfault.HTMLPage), ContentType: "text/html"}},
	{"401", simfault.Fault{Status: http.StatusUnauthorized}},
	{"403", simfault.Fault{Status: http.StatusForbidden}},
	{"404 HTML", simfault.Fault{Status: http.StatusNotFound, Body: []byte(simfault.HTMLPage), ContentType: "text/html"}},
	{"404 JSON", simfault.Fault{Status: http.StatusNotFound, Body: []byte(`{"message":"UPS system not found"}`)}},
	{"404 no servers", simfault.Fault{Status: http.StatusNotFound, Body: []byte(`{"message":"No NUT servers configured"}`)}},
	{"429", simfault.Fault{Status: http.StatusTooManyRequests}},
	{"500", simfault.Fault{Status: http.StatusInternalServerError, Body: []byte(`{"message":"Server error"}`)}},
	{"half", simfault.Fault{Half: true}},
	{"huge", simfault.Fault{Size: 17 << 20}},
	{"HTML", simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"}},
	{"wrong types", simfault.Fault{WrongTypes: true}},
	{"another object", simfault.Fault{Body: []byte(`{"message":"maintenance"}`)}},
	{"other things", simfault.Fault{Body: []byte(`[1,"text",null,[],{},{"status":"Online"},{"id":7,"load":5}]`)}},
	{"many things", simfault.Fault{Size: 1 << 20}},
	{"null", simfault.Fault{Body: []byte(`null`)}},
	{"odd token", simfault.Fault{Body: []byte(`{"token":"a\r\nb"}`)}},
	{"empty", simfault.Fault{Body: []byte{}}},
	{"empty list", simfault.Fault{Body: []byte(`[]`)}},
	{"reset", simfault.Fault{Reset: true}},
	{"redirect", simfault.Fault{Location: "http://elsewhere.example/?token=x"}},
}

// TestFaults lets each path misbehave in each way, in the first reading of a
// collector and in a later one, and compares the error, the devices and the
// requests with those in the file.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []struct{ name, path string }{
		{"login", loginPath}, {"list", listPaths[0]}, {"kiosk", listPaths[0] + "/kiosk"},
	} {
		for _, later := range []bool{false, true} {
			name := endpoint.name + "-first"
			if later {
				name = endpoint.name + "-later"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var found strings.Builder
				for _, f := range faults {
					fmt.Fprintf(&found, "%s\n%s\n", f.name, outcome(t, endpoint.path, f.fault, later))
				}
				golden.Text(t, "testdata/faults/"+name+".txt", found.String())
			})
		}
	}
}

// outcome is what becomes of a reading while a path misbehaves.
func outcome(t *testing.T, path string, fault simfault.Fault, later bool) string {
	t.Helper()
	server, base := powerpulsesim.Start(t, powerpulsesim.Options{}, systems(two))
	o := options(t, base)
	if strings.HasSuffix(path, "/kiosk") {
		kiosk(&o)
	}
	var log strings.Builder
	pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("panic") })
	source := collector.Source{Key: "a", Device: "a", MaxConcurrency: 2, New: func(g *collector.Gate) collector.Collector { return New(o, g) }}
	defer pool.Clear()
	read := func() collector.Result {
		return pool.Read(t.Context(), source, time.Minute, slog.New(slog.NewTextHandler(&log, nil)))
	}
	if later {
		if r := read(); r.Err != nil || summary(r.Devices) != "a@1+ b@2+" {
			t.Fatalf("%s, %v", summary(r.Devices), r.Err)
		}
		if path == loginPath {
			server.NewSecret() // or it would not log in
		}
	}
	server.SetFault(path, fault)
	r := read()
	var said strings.Builder
	fmt.Fprintf(&said, "\tdevices: %s\n", summary(r.Devices))
	for _, request := range r.Requests {
		fmt.Fprintf(&said, "\trequest: %s %s\n", request.Name, map[bool]string{true: "ok", false: "failed"}[request.Err == nil])
	}
	if r.Err != nil {
		fmt.Fprintf(&said, "\terror: %v\n", r.Err)
	}
	if errors.Is(r.Err, collector.ErrRefused) {
		said.WriteString("\tthe credentials were refused\n")
	}
	text := said.String()
	if strings.Contains(text+log.String(), secret) || strings.Contains(text+log.String(), "eyJ") {
		t.Errorf("a secret is shown:\n%s%s", text, log.String())
	}
	onlyReads(t, server)
	return reset.ReplaceAllString(strings.ReplaceAll(text, base, "http://powerpulse"), "connection reset")
}

// reset is how the system says so, with ports that nobody knows beforehand.
var reset = regexp.MustCompile(`(?:read|write) tcp .*(?:reset by peer|broken pipe)`)

// expiring is a context whose deadline comes when the channel is closed.
type expiring struct {
	context.Context
	over <-chan struct{}
}

func (e expiring) Done() <-chan struct{} { return e.over }

func (e expiring) Err() error {
	select {
	case <-e.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// TestSlow lets the time of a probe end while a path does not answer.
func TestSlow(t *testing.T) {
	t.Parallel()
	const ending = ": no whole answer within the time of the probe: context deadline exceeded"
	for _, c := range []struct {
		name, path    string
		later         bool
		devices, want string
	}{
		{"login first", loginPath, false, "", "reading the UPS systems: logging in: POST http://powerpulse/api/auth/login" + ending},
		{"login later", loginPath, true, "a@1- b@2-", "reading the UPS systems: logging in: POST http://powerpulse/api/auth/login" + ending},
		{"list first", listPaths[0], false, "", "reading the UPS systems: GET http://powerpulse/api/ups/systems" + ending},
		{"list later", listPaths[0], true, "a@1- b@2-", "reading the UPS systems: GET http://powerpulse/api/ups/systems" + ending},
		{"kiosk first", listPaths[0] + "/kiosk", false, "", "reading the UPS systems: GET http://powerpulse/api/ups/systems/kiosk" + ending},
		{"kiosk later", listPaths[0] + "/kiosk", true, "a@1- b@2-", "reading the UPS systems: GET http://powerpulse/api/ups/systems/kiosk" + ending},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			reader, server := start(t, powerpulsesim.Options{}, systems(two), func(o *Options) {
				if strings.HasSuffix(c.path, "/kiosk") {
					kiosk(o)
				}
			})
			if c.later {
				mustCollect(t, reader)
				if c.path == loginPath {
					server.NewSecret()
				}
			}
			method := "GET "
			if c.path == loginPath {
				method = "POST "
			}
			asked := server.Stats().Requests[method+c.path]
			server.SetFault(c.path, simfault.Fault{Delay: time.Hour})
			over, done := make(chan struct{}), make(chan struct{})
			var devices []power.Device
			var err error
			go func() {
				defer close(done)
				devices, err = reader.Collect(expiring{t.Context(), over})
			}()
			if err := server.Wait(t.Context(), func(s powerpulsesim.Stats) bool {
				return s.Requests[method+c.path] > asked && s.InFlight == 1
			}); err != nil {
				t.Error(err)
			}
			close(over)
			<-done
			if got := summary(devices); got != c.devices {
				t.Errorf("devices %s, want %s", got, c.devices)
			}
			if err == nil || strings.ReplaceAll(err.Error(), address(reader), "http://powerpulse") != c.want {
				t.Errorf("error is\n%v, want\n%s", err, c.want)
			}
			server.SetFault(c.path, simfault.Fault{})
			if devices := mustCollect(t, reader); summary(devices) != "a@1+ b@2+" {
				t.Errorf("afterwards devices %s", summary(devices))
			}
		})
	}
}

// TestRecovery shows that after each fault the next reading is whole again, and
// has cost one log-in at most.
func TestRecovery(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			c, server := start(t, powerpulsesim.Options{}, systems(two))
			server.SetFault(listPaths[0], f.fault)
			_, _ = collect(t, c)
			server.SetFault(listPaths[0], simfault.Fault{})
			if devices := mustCollect(t, c); summary(devices) != "a@1+ b@2+" {
				t.Errorf("devices %s", summary(devices))
			}
			if logins := server.Stats().Logins; logins > 2 {
				t.Errorf("%d log-ins", logins)
			}
		})
	}
}

// TestNobodyThere reads an address where nothing listens.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	server, base := powerpulsesim.Start(t, powerpulsesim.Options{}, systems(two))
	c := open(t, options(t, base))
	mustCollect(t, c)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	devices, err := collect(t, c)
	want := "reading the UPS systems: GET " + base + "/api/ups/systems: dial tcp " + strings.TrimPrefix(base, "http://") + ": connect: connection refused"
	if err == nil || err.Error() != want || summary(devices) != "a@1- b@2-" {
		t.Errorf("devices %s, error\n%v, want\n%s", summary(devices), err, want)
	}
	if devices[0].Vendor != "APC" || devices[0].Serial != "S1" || len(devices[0].Batteries) != 0 {
		t.Errorf("it is %+v, want who it was, and no readings", devices[0])
	}
}
