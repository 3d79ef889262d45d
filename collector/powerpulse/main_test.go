package powerpulse

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/collector"
	"power_exporter/power"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secret is the password of the only user, and must be in no error and no log.
const secret = powerpulsesim.AdminPassword

// options are those of a PowerPulse at an address.
func options(tb testing.TB, address string) Options {
	tb.Helper()
	base, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	return Options{
		Base: base, FollowRedirects: true,
		Username: powerpulsesim.AdminName, Password: secret, AuthName: "dashboard",
	}
}

// start plays a model and makes a collector of it. When the test ends, nothing
// but what reads must have been asked for.
func start(tb testing.TB, sim powerpulsesim.Options, model powerpulsesim.Model, change ...func(*Options)) (*Collector, *powerpulsesim.Server) {
	tb.Helper()
	server, address := powerpulsesim.Start(tb, sim, model)
	tb.Cleanup(func() { onlyReads(tb, server) })
	o := options(tb, address)
	for _, f := range change {
		f(&o)
	}
	return open(tb, o), server
}

// onlyReads complains about requests that a collector must not make: those that
// change something, and those for a single UPS, of which the program takes notes.
func onlyReads(tb testing.TB, server *powerpulsesim.Server) {
	tb.Helper()
	if acted := server.Acted(); len(acted) > 0 {
		tb.Errorf("asked to change something: %q", acted)
	}
	for request := range server.Stats().Requests {
		switch request {
		case "POST /api/auth/login", "GET /api/ups/systems", "GET /api/ups/systems/kiosk", "GET /api/ups-systems", "GET /api/ups-systems/kiosk":
		default:
			tb.Errorf("asked for %s", request)
		}
	}
}

// open makes a collector that is closed with the test.
func open(tb testing.TB, o Options) *Collector {
	tb.Helper()
	c := New(o, collector.NewGate(2))
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

// kiosk makes a collector read the kiosk, with nothing to log in with.
func kiosk(o *Options) { o.Kiosk, o.Username, o.Password, o.AuthName = true, "", "", "" }

// collect makes one reading.
func collect(tb testing.TB, c *Collector) ([]power.Device, error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	devices, err := c.Collect(ctx)
	if err != nil && strings.Contains(err.Error(), secret) {
		tb.Errorf("the error shows the password: %v", err)
	}
	return devices, err
}

// mustCollect makes one reading that must succeed.
func mustCollect(tb testing.TB, c *Collector) []power.Device {
	tb.Helper()
	devices, err := collect(tb, c)
	if err != nil {
		tb.Fatal(err)
	}
	return devices
}

// summary is each device's id and whether it is up, as "a@1+ b@1-".
func summary(devices []power.Device) string {
	words := make([]string, len(devices))
	for i := range devices {
		words[i] = devices[i].ID + "-"
		if devices[i].Up {
			words[i] = devices[i].ID + "+"
		}
	}
	return strings.Join(words, " ")
}

// systems is a model of the UPS systems of a text.
func systems(text string) powerpulsesim.Model {
	return powerpulsesim.Model{Name: "test", Systems: []byte(text)}
}

// two are UPSes of two NUT servers.
const two = `[
{"id":1,"name":"a","upsName":"a","nutServerId":1,"batteryCharge":50,"model":"M1","deviceDetails":{"serial":"S1","mfr":"APC"},"upsDetails":{"status":"OL","serial":"S1","model":"M1"}},
{"id":2,"name":"b","upsName":"b","nutServerId":2,"batteryCharge":60,"model":"M2","deviceDetails":{"serial":"S2","mfr":"APC"},"upsDetails":{"status":"OL","serial":"S2","model":"M2"}}]`
