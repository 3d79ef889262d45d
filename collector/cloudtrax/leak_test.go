package cloudtrax

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
)

// TestNothingIsLeftBehind makes a thousand probes of services that misbehave, half
// of them with one collector and half with one each, and counts what is left: no
// goroutine, no descriptor.
func TestNothingIsLeftBehind(t *testing.T) {
	for _, f := range []struct {
		name, path string
		fault      simfault.Fault
	}{
		{"list hangs", manualList, simfault.Fault{Until: make(chan struct{})}},
		{"list resets", manualList, simfault.Fault{Reset: true}},
		{"list is half", manualList, simfault.Fault{Half: true}},
		{"strip hangs", "/powerstrip/1", simfault.Fault{Until: make(chan struct{})}},
		{"strip resets", "/powerstrip/1", simfault.Fault{Reset: true}},
		{"strip is half", "/powerstrip/1", simfault.Fault{Half: true}},
		{"strip is refused", "/powerstrip/1", simfault.Fault{Status: 500, Body: []byte(simfault.HTMLPage)}},
		{"strip is a flood", "/powerstrip/1", simfault.Fault{Size: 1 << 40}},
	} {
		t.Run(f.name, func(t *testing.T) {
			cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
			cloud.SetFault(f.path, f.fault)
			probe := func(c *Collector) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
				defer cancel()
				if _, err := c.Collect(ctx); err == nil {
					t.Error("a probe succeeded")
				}
			}
			once := func() {
				c := open(t, options(t, address, manual))
				probe(c)
				_ = c.Close()
			}
			once() // whatever is made once is there now
			settle(t, func() bool { return cloud.Stats().InFlight == 0 })
			goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)

			const probes, atOnce = 130, 10
			var workers sync.WaitGroup
			for worker := range atOnce {
				workers.Go(func() {
					kept := open(t, options(t, address, manual))
					for i := range probes / atOnce {
						if (worker+i)%2 == 0 {
							probe(kept)
						} else {
							once()
						}
					}
					_ = kept.Close()
				})
			}
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

// settle waits until done, or until it is clear that it never will be: the test
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
