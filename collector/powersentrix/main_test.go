package powersentrix

import (
	"context"
	"net/url"
	"testing"
	"time"

	"go.uber.org/goleak"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/collector"
	"power_exporter/power"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// key and password are the secrets of these tests, which must be in nothing that
// anybody sees.
const (
	key      = "s3cret-key"
	password = "s3cret-word"
)

// options are those of a UPS or portal at an address.
func options(tb testing.TB, address string) Options {
	tb.Helper()
	base, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	return Options{
		Base: base, FollowRedirects: true, AuthName: "dc",
		APIKey: key, Username: powersentrixsim.SampleEmail, Password: password,
		BasePath: "/api/v1",
	}
}

// portalOptions are those of a portal at an address.
func portalOptions(tb testing.TB, address string) Options {
	tb.Helper()
	o := options(tb, address)
	o.Portal = true
	return o
}

// start makes a collector that is closed with the test.
func start(tb testing.TB, o Options) *Collector {
	tb.Helper()
	c := New(o, collector.NewGate(max(o.Concurrency, 2)))
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	return c
}

// startUPS plays a model, and makes a collector of it.
func startUPS(tb testing.TB, model powersentrixsim.Model) (*Collector, *powersentrixsim.UPS) {
	tb.Helper()
	ups, address := powersentrixsim.StartUPS(tb, powersentrixsim.Options{APIKey: key}, model)
	return start(tb, options(tb, address)), ups
}

// logPath is where the portals of these tests list events.
const logPath = "/ups/getLog"

// simPortal are the options of a portal that knows the user of these tests.
func simPortal() powersentrixsim.PortalOptions {
	return powersentrixsim.PortalOptions{
		LogPath: logPath,
		Users:   []powersentrixsim.User{{Email: powersentrixsim.SampleEmail, Password: password, Name: "Novak Jan"}},
	}
}

// startPortal plays a portal, and makes a collector of it.
func startPortal(tb testing.TB, entries []powersentrixsim.Entry, change ...func(*Options)) (*Collector, *powersentrixsim.Portal) {
	tb.Helper()
	portal, address := powersentrixsim.StartPortal(tb, simPortal(), entries...)
	o := portalOptions(tb, address)
	for _, f := range change {
		f(&o)
	}
	return start(tb, o), portal
}

// withLog makes the collector read events.
func withLog(o *Options) { o.LogPath = logPath }

// oneByOne makes the collector read one UPS after the other.
func oneByOne(o *Options) { o.Concurrency = 1 }

// ups is a UPS of a recorded model that listens nowhere.
func ups(tb testing.TB, model powersentrixsim.Model) *powersentrixsim.UPS {
	tb.Helper()
	u := powersentrixsim.NewUPS(powersentrixsim.Options{}, model)
	tb.Cleanup(func() {
		if err := u.Close(); err != nil {
			tb.Error(err)
		}
	})
	return u
}

// manual is the UPS of the vendor's document.
func manual() powersentrixsim.Model { return powersentrixsim.MustRecorded("manual") }

// entries are two UPSes of a portal.
func entries(tb testing.TB) []powersentrixsim.Entry {
	tb.Helper()
	return []powersentrixsim.Entry{
		{ID: "42", Name: "Server Room UPS", Description: "below the stairs", Location: "Rack A", Company: "Acme Corp", UPS: ups(tb, manual())},
		{ID: "43", Name: "Gate", UPS: ups(tb, powersentrixsim.MustRecorded("minimal"))},
	}
}

// collect makes one reading.
func collect(tb testing.TB, c *Collector) ([]power.Device, error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	return c.Collect(ctx)
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
