package powersentrix

import (
	"log/slog"
	"net/http"
	"strconv"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
	"power_exporter/internal/leak"
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
			leak.None(t, leak.Load{
				Warm: func() {
					probe(0)
					probe(1)
				},
				Work: probe, Times: 1000, AtOnce: 50,
			})
		})
	}
}
