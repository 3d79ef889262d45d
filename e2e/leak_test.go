package e2e

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
)

// TestNothingLeaks makes 200 probes of servers that are well, hang up, hang or
// are not there, some for a client that does not wait, and counts what is left
// of them.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	server, well := startNUTSim(t, nutsim.Options{}, three...)
	rude, hung, dead := listen(t, rebuff).address, listen(t, silence).address, program.FreeAddress(t)
	// What is forgotten must not be closed by the garbage collector.
	e := startExporterIn(t, []string{"GOGC=off"})
	// The second time over the same connection, so that it counts.
	e.metrics(t)
	before := e.metrics(t)
	for i := range 200 {
		target, header, patience := well, http.Header{}, time.Minute
		switch i % 20 {
		case 1, 2, 3, 4:
			target = rude
		case 5, 6, 7, 8:
			target = dead
		case 9:
			target = hung
			header.Set("X-Prometheus-Scrape-Timeout-Seconds", "0.1")
		case 10:
			target, patience = hung, 20*time.Millisecond
			header.Set("X-Prometheus-Scrape-Timeout-Seconds", "1")
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		p, err := e.fetch(ctx, http.MethodGet, "/probe?module=nut&target="+target, header)
		cancel()
		if err == nil && p.status != http.StatusOK {
			t.Fatalf("probe %d of %s: status %d", i, target, p.status)
		}
	}
	if n := server.Stats().Connections; n != 100 {
		t.Errorf("%d probes reached the server that is well, want half of them", n)
	}
	program.Eventually(t, "nothing is left", func() error {
		e.client.CloseIdleConnections()
		e.metrics(t)
		after := e.metrics(t)
		for _, series := range []string{"process_open_fds", "go_goroutines"} {
			if was, is := before.number(t, series), after.number(t, series); is > was {
				return fmt.Errorf("%s is %g and was %g", series, is, was)
			}
		}
		return nil
	})
	if n := server.Stats().Open; n != 0 {
		t.Errorf("%d connections are still open at the server", n)
	}
}
