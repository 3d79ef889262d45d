package synlink

import (
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
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
	probe(0) // whatever is made once is there now
	pool.Clear()
	settle(t, func() bool { return true })
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)

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
	const probes, atOnce = 1000, 50
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for n := range numbers {
				probe(n)
			}
		})
	}
	for n := range probes {
		misbehaviour[n%len(misbehaviour)]()
		numbers <- n
	}
	close(numbers)
	workers.Wait()
	pool.Clear()
	settle(t, func() bool { return runtime.NumGoroutine() <= goroutines && openDescriptors(t) <= descriptors })
	if left := runtime.NumGoroutine() - goroutines; left > 0 {
		t.Errorf("%d goroutines more than before", left)
	}
	if left := openDescriptors(t) - descriptors; left > 0 {
		t.Errorf("%d descriptors more than before", left)
	}
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

// settle waits until done, or until it is clear that it never will be: the PDU
// needs a moment to notice that its clients are gone.
func settle(tb testing.TB, done func() bool) {
	tb.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 2000 {
		<-tick.C
		if done() {
			return
		}
	}
}

// openDescriptors counts the process's open files and sockets.
func openDescriptors(tb testing.TB) int {
	tb.Helper()
	entries, err := os.ReadDir("/dev/fd")
	if err != nil {
		tb.Fatal(err)
	}
	return len(entries)
}
