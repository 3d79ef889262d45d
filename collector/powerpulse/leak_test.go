package powerpulse

import (
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
)

// TestNothingIsLeftBehind probes servers that misbehave a thousand times, each
// time with a new collector, and counts what is left once these are closed: no
// goroutine, no descriptor.
func TestNothingIsLeftBehind(t *testing.T) {
	kinds := []struct {
		path  string
		fault simfault.Fault
	}{
		{loginPath, simfault.Fault{Delay: time.Hour}},
		{loginPath, simfault.Fault{Status: 500}},
		{listPaths[0], simfault.Fault{Delay: time.Hour}},
		{listPaths[0], simfault.Fault{Reset: true}},
		{listPaths[0], simfault.Fault{Half: true}},
		{listPaths[0], simfault.Fault{Status: 401}},
		{listPaths[0], simfault.Fault{Body: []byte(simfault.HTMLPage)}},
		{listPaths[0], simfault.Fault{Location: "http://elsewhere.example/"}},
	}
	all := make([]Options, len(kinds))
	servers := make([]*powerpulsesim.Server, len(kinds))
	for i, k := range kinds {
		server, address := powerpulsesim.Start(t, powerpulsesim.Options{}, systems(two))
		server.SetFault(k.path, k.fault)
		all[i], servers[i] = options(t, address), server
	}
	pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("panic") })
	probe := func(n int) {
		timeout := time.Minute
		if kinds[n%len(kinds)].fault.Delay > 0 {
			timeout = 20 * time.Millisecond
		}
		r := pool.Read(t.Context(), collector.Source{
			Key:            strconv.Itoa(n),
			Device:         strconv.Itoa(n), // so that they do not wait for each other
			MaxConcurrency: 1,
			New: func(gate *collector.Gate) collector.Collector {
				return New(all[n%len(all)], gate)
			},
		}, timeout, slog.New(slog.DiscardHandler))
		if r.Err == nil {
			t.Errorf("probe %d succeeded", n)
		}
	}
	for n := range kinds {
		probe(n) // whatever is made once is there now
	}
	pool.Clear()
	idle := func() bool {
		for _, server := range servers {
			if server.Stats().InFlight > 0 {
				return false
			}
		}
		return true
	}
	settle(t, idle)
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)

	const probes, atOnce = 1000, 20
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
		return idle() && runtime.NumGoroutine() <= goroutines && openDescriptors(t) <= descriptors
	})
	if left := runtime.NumGoroutine() - goroutines; left > 0 {
		t.Errorf("%d goroutines more than before", left)
	}
	if left := openDescriptors(t) - descriptors; left > 0 {
		t.Errorf("%d descriptors more than before", left)
	}
	for _, server := range servers {
		onlyReads(t, server)
	}
}

// settle waits until done, or until it is clear that it never will be: the
// server needs a moment to notice that its clients are gone.
func settle(tb testing.TB, done func() bool) {
	tb.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 1000 {
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
