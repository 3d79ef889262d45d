package powerpulse

import (
	"log/slog"
	"strconv"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
	"power_exporter/internal/leak"
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
	leak.None(t, leak.Load{
		Warm: func() {
			for n := range kinds {
				probe(n)
			}
		},
		Work: probe, Times: 1000, AtOnce: 20,
		Close: pool.Clear,
		Idle: func() bool {
			for _, server := range servers {
				if server.Stats().InFlight > 0 {
					return false
				}
			}
			return true
		},
		Patience: 10 * time.Second,
	})
	for _, server := range servers {
		onlyReads(t, server)
	}
}
