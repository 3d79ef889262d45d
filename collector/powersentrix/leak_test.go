package powersentrix

import (
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
)

// TestNothingIsLeftBehind makes a thousand faulty probes in each way, with a
// collector each that is closed afterwards, and counts what is left: no
// goroutine, no descriptor.
func TestNothingIsLeftBehind(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault simfault.Fault
	}{
		{"hangs", simfault.Fault{Until: make(chan struct{})}},
		{"resets", simfault.Fault{Reset: true}},
		{"half", simfault.Fault{Half: true}},
		{"refuses", simfault.Fault{Status: http.StatusUnauthorized}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sim, address := powersentrixsim.StartPortal(t, simPortal(), entries(t)...)
			sim.SetFault("/api/v1/ups/getUpsComplexObject", tt.fault)
			device, url := powersentrixsim.StartUPS(t, powersentrixsim.Options{APIKey: key}, manual())
			device.SetFault("/api_actions", tt.fault)
			pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("a panic") })
			probe := func(n int) {
				o := options(t, url)
				if n%2 == 0 {
					o = portalOptions(t, address)
				}
				r := pool.Read(t.Context(), collector.Source{
					Key:            strconv.Itoa(n),
					Device:         strconv.Itoa(n), // so that they do not wait for each other
					MaxConcurrency: 2,
					Epoch:          -1, // so that the collector is closed after the probe
					New:            func(gate *collector.Gate) collector.Collector { return New(o, gate) },
				}, 200*time.Millisecond, slog.New(slog.DiscardHandler))
				if r.Err == nil {
					t.Errorf("probe %d succeeded", n)
				}
			}
			probe(0) // whatever is made once is there now
			probe(1)
			settle(t, func() bool { return true })
			goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)

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
				numbers <- n
			}
			close(numbers)
			workers.Wait()
			settle(t, func() bool {
				return runtime.NumGoroutine() <= goroutines && openDescriptors(t) <= descriptors
			})
			if left := runtime.NumGoroutine() - goroutines; left > 0 {
				t.Errorf("%d goroutines more than before", left)
			}
			if left := openDescriptors(t) - descriptors; left > 0 {
				t.Errorf("%d descriptors more than before", left)
			}
		})
	}
}

// settle waits until done, or until it is clear that it never will be: the
// server needs a moment to notice that its clients are gone.
func settle(tb testing.TB, done func() bool) {
	tb.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
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
