package synlink

import (
	"context"
	"net/url"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
	"power_exporter/power"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// endpoints are all that there are.
var endpoints = []string{"device", "inlets", "banks", "outlets", "sensors", "groups", "events", "conf", "diagnostics"}

// timeout is that of a probe.
const timeout = 10 * time.Second

// play plays a model until the test ends.
func play(tb testing.TB, options synlinksim.Options, model string) (*synlinksim.PDU, *url.URL) {
	tb.Helper()
	pdu, address := synlinksim.Start(tb, options, synlinksim.MustRecorded(model))
	return pdu, parse(tb, address)
}

func parse(tb testing.TB, address string) *url.URL {
	tb.Helper()
	base, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	return base
}

// options read everything with the administrator's token.
func options(base *url.URL) Options {
	return Options{
		Base: base, Access: Access{Name: "pdu", Token: synlinksim.AdminToken},
		Endpoints: endpoints, Window: time.Minute,
	}
}

// loggedIn are the administrator's user name and password, for a session.
func loggedIn() Access {
	return Access{Name: "pdu", Username: synlinksim.AdminName, Password: synlinksim.AdminPassword}
}

// open makes a collector that is closed when the test ends.
func open(tb testing.TB, o Options) *Collector {
	tb.Helper()
	c := New(o, collector.NewGate(2))
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	return c
}

// collect makes one reading.
func collect(tb testing.TB, c *Collector) ([]power.Device, error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), timeout)
	defer cancel()
	return c.Collect(ctx)
}

// read makes one reading and complains unless the PDU is up and nothing is
// missing.
func read(tb testing.TB, c *Collector) power.Device {
	tb.Helper()
	devices, err := collect(tb, c)
	if err != nil || len(devices) != 1 || !devices[0].Up {
		tb.Fatalf("%d devices, %v; want one that is up", len(devices), err)
	}
	return devices[0]
}

// requests is how often each path of a PDU was asked since an earlier count.
func requests(before, after synlinksim.Stats) map[string]int {
	found := map[string]int{}
	for path, n := range after.Requests {
		if n -= before.Requests[path]; n > 0 {
			found[path] = n
		}
	}
	return found
}

// once is one request of each endpoint but some.
func once(but ...string) map[string]int {
	found := map[string]int{}
	for _, endpoint := range endpoints {
		if !slices.Contains(but, endpoint) {
			found["/api/"+endpoint] = 1
		}
	}
	return found
}

// pass lets time pass.
func pass(d time.Duration) { <-time.After(d) }
