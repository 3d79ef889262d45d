package ems

import (
	"context"
	"net/url"
	"testing"
	"time"

	"go.uber.org/goleak"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/collector"
	"power_exporter/power"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secret is the password of every account, and must be in no error and no log.
const secret = emssim.AdminPassword

// options are those of an EMS at an address, with the mapping of the simulated
// site.
func options(tb testing.TB, address string) Options {
	tb.Helper()
	base, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	return Options{
		Base: base, FollowRedirects: true,
		Username: emssim.AdminName, Password: secret, AuthName: "meters",
		Signals: simulated(), MetadataTTL: 5 * time.Minute, MaxAge: time.Hour, PageSize: 1000,
	}
}

// simulated is the mapping of the simulator's quantities.
func simulated() map[int]Signal {
	signals := map[int]Signal{}
	for _, q := range emssim.Quantities() {
		s := Signal{Quantity: Quantity(q.Name), Line: q.Line}
		if q.Unit == "kWh" {
			s.Scale = 3.6e6
		}
		signals[q.SI] = s
	}
	return signals
}

// start plays a model and makes a collector of it.
func start(tb testing.TB, sim emssim.Options, model emssim.Model, change ...func(*Options)) (*Collector, *emssim.EMS) {
	tb.Helper()
	ems, address := emssim.Start(tb, sim, model)
	o := options(tb, address)
	for _, f := range change {
		f(&o)
	}
	return newFor(tb, o), ems
}

// newFor makes a collector that is closed with the test.
func newFor(tb testing.TB, o Options) *Collector {
	tb.Helper()
	c := New(o, collector.NewGate(2))
	tb.Cleanup(func() { _ = c.Close() })
	return c
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

// decoded reads an answer as a list of which each page is the same.
func decoded[T any, P entry[T]](e endpoint, size int, answer []byte) (list[T], error) {
	return readPages[T, P](pager[T]{size: size, page: func(int) *page[T] {
		p := &page[T]{}
		p.entries, p.odd, p.err = decodeList[T, P](e.member(), answer, maxEntries)
		return p
	}})
}
