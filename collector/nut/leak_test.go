package nut

import (
	"io"
	"log/slog"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"power_exporter/collector"
)

// TestNothingIsLeftBehind probes servers that misbehave a thousand times each,
// and counts what is left: no goroutine, no descriptor.
func TestNothingIsLeftBehind(t *testing.T) {
	for _, c := range []struct {
		name string
		talk func(net.Conn)
	}{
		{"hangs", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		{"resets", func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }},
		{"resets after the names", func(c net.Conn) {
			heard(c)
			_, _ = io.WriteString(c, "BEGIN LIST UPS\nUPS a \"\"\nEND LIST UPS\n")
			heard(c)
			_ = c.(*net.TCPConn).SetLinger(0)
		}},
		{"sends a byte a second", func(c net.Conn) {
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				_, _ = io.Copy(io.Discard, c)
			}()
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				if _, err := io.WriteString(c, "B"); err != nil {
					return
				}
				select {
				case <-tick.C:
				case <-gone:
					return
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := serve(t, c.talk)
			pool := collector.NewPool(slog.New(slog.DiscardHandler), func() {})
			probe := func(n int) {
				r := pool.Read(t.Context(), collector.Source{
					Key:            strconv.Itoa(n),
					Device:         strconv.Itoa(n), // so that they do not wait for each other
					MaxConcurrency: 1,
					New: func(gate *collector.Gate) collector.Collector {
						return New(Options{Address: address}, gate)
					},
				}, 20*time.Millisecond, slog.New(slog.DiscardHandler))
				if r.Err == nil {
					t.Errorf("probe %d succeeded", n)
				}
			}
			probe(0) // whatever is made once is there now
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
