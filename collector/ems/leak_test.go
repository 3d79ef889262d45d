package ems

import (
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
)

// TestNothingIsLeftBehind makes a thousand probes of targets that misbehave, each
// with a collector of its own, and counts what is left: no goroutine, no
// descriptor.
func TestNothingIsLeftBehind(t *testing.T) {
	for _, tt := range []struct {
		name  string
		at    endpoint
		fault simfault.Fault
	}{
		{"hangs at the log-in", login, simfault.Fault{Delay: time.Hour}},
		{"hangs at the signals", signals, simfault.Fault{Delay: time.Hour}},
		{"resets at the values", realtime, simfault.Fault{Reset: true}},
		{"sends half of the loads", loads, simfault.Fault{Half: true}},
		{"does not end", devices, simfault.Fault{Size: 1 << 40}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ems, address := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("site"))
			ems.SetFault(tt.at.path(), tt.fault)
			o := options(t, address)
			pool := collector.NewPool(slog.New(slog.DiscardHandler), func() {})
			probe := func(n int) {
				key := strconv.Itoa(n) // so that they do not wait for each other
				r := pool.Read(t.Context(), collector.Source{Key: key, Device: key, MaxConcurrency: 2, New: func(gate *collector.Gate) collector.Collector {
					return New(o, gate)
				}}, 50*time.Millisecond, slog.New(slog.DiscardHandler))
				if r.Err == nil {
					t.Errorf("probe %d succeeded", n)
				}
			}
			probe(0) // whatever is made once is there now
			pool.Clear()
			settle(t, func() bool { return ems.Stats().InFlight == 0 })
			goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)

			const probes, atOnce = 200, 20
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
			pool.Clear()
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

// settle waits until done, or until it is clear that it never will be: the EMS
// needs a moment to notice that its clients are gone.
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
