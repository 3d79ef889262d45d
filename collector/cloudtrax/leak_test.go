package cloudtrax

import (
	"context"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/internal/leak"
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
			const probes, atOnce = 130, 10
			leak.None(t, leak.Load{
				Warm: once,
				Work: func(worker int) {
					kept := open(t, options(t, address, manual))
					for i := range probes / atOnce {
						if (worker+i)%2 == 0 {
							probe(kept)
						} else {
							once()
						}
					}
					_ = kept.Close()
				},
				Times: atOnce, AtOnce: atOnce, // each does its part of the probes
				Idle: func() bool { return cloud.Stats().InFlight == 0 },
			})
		})
	}
}
