package synlink

import (
	"log/slog"
	"net/http"
	"strconv"
	"testing"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
	"power_exporter/internal/leak"
)

// TestNothingIsLeftBehind probes a PDU a thousand times, by requests and by its
// stream, while each endpoint misbehaves in turn and in each way, and counts
// what is left: no goroutine, no descriptor.
func TestNothingIsLeftBehind(t *testing.T) {
	pdu, base := play(t, synlinksim.Options{StreamPeriod: time.Second, MaxRequests: 100}, "single8")
	pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("panic") })
	probe := func(n int) {
		o := options(base)
		switch n % 3 {
		case 1:
			o.Access = loggedIn()
		case 2:
			o.Access, o.Stream = loggedIn(), true
		}
		s := source(strconv.Itoa(n%90), o)
		s.Device = s.Key // so that they do not wait for each other
		pool.Read(t.Context(), s, time.Second/2, nil)
	}
	var misbehaviour []func()
	for _, path := range append([]string{"/login", "/ws"}, paths()...) {
		for _, f := range faults {
			if f.fault.Size > 0 {
				f.fault.Times = 1 // it takes long
			}
			// The simulator does not notice that the client of a slow log-in has left.
			f.fault.Delay = min(f.fault.Delay, 2*time.Second)
			misbehaviour = append(misbehaviour, func() {
				pdu.SetFault(path, f.fault)
				pdu.ExpireSessions()
			}, func() { pdu.SetFault(path, synlinksim.Fault{}) })
		}
	}
	for _, f := range []synlinksim.StreamFault{{Stall: true}, {Flood: 100}, {Size: 2 << 20}, {Garbage: []byte("x")}, {}} {
		misbehaviour = append(misbehaviour, func() {
			pdu.SetStreamFault(f)
			pdu.Tick()
		}, pdu.DropStreams)
	}
	const probes = 1000
	leak.None(t, leak.Load{
		Warm:   func() { probe(0) },
		Before: func(n int) { misbehaviour[n%len(misbehaviour)]() },
		Work:   probe, Times: probes, AtOnce: 50,
		Close:    pool.Clear,
		Patience: 20 * time.Second,
	})
	if stats := pdu.Stats(); stats.OpenSockets > 0 || len(stats.Writes) > 0 || stats.Answers[http.StatusOK] < probes {
		t.Errorf("%+v", stats)
	}
}

// paths are those of the endpoints.
func paths() []string {
	var all []string
	for _, endpoint := range endpoints {
		all = append(all, "/api/"+endpoint)
	}
	return all
}
