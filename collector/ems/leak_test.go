package ems

import (
	"log/slog"
	"strconv"
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
	"power_exporter/internal/leak"
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
			leak.None(t, leak.Load{
				Warm: func() { probe(0) },
				Work: probe, Times: 200, AtOnce: 20,
				Close: pool.Clear,
				Idle:  func() bool { return ems.Stats().InFlight == 0 },
			})
		})
	}
}
