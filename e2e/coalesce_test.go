package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
)

// TestTwoPrometheis shows that two probes of one target at the same time ask
// the server once.
func TestTwoPrometheis(t *testing.T) {
	t.Parallel()
	server, address := startNUTSim(t, nutsim.Options{MaxClients: 1}, three...)
	e := startExporter(t)
	release := hold(t, address)
	pages := make(chan page)
	for range 2 {
		go func() {
			p, err := e.fetch(t.Context(), http.MethodGet, "/probe?module=nut&target="+address, nil)
			if err != nil {
				t.Error(err)
			}
			pages <- p
		}()
	}
	// Seen more than once, so that the second has also had the time to join.
	seen := 0
	program.Eventually(t, "two probes are under way", func() error {
		p := e.metrics(t)
		if seen++; p.value("power_exporter_probes_in_flight") != "2" {
			seen = 0
		}
		if seen < 5 {
			return fmt.Errorf("seen %d times", seen)
		}
		return nil
	})
	release()

	cached := 0.0
	for range 2 {
		p := <-pages
		p.want(t, map[string]string{"probe_success": "1", `power_device_up{device="epdu"}`: "1"})
		cached += p.number(t, "power_probe_cached")
	}
	if cached != 1 {
		t.Errorf("%g of the two say that they share a reading, want 1", cached)
	}
	// One is the test's own.
	if n := server.Stats().Connections - 1; n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	e.metrics(t).want(t, map[string]string{
		`power_exporter_probes_coalesced_total{module="nut"}`:        "1",
		`power_exporter_probes_total{module="nut",result="success"}`: "2",
		"power_exporter_probes_in_flight":                            "0",
	})
}
