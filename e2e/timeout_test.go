package e2e

import (
	"context"
	"net/http"
	"testing"
	"time"
)

// TestScrapeTimeout shows that a probe of a server that never answers is over
// before Prometheus has given up, so that it is seen as a failed probe of the
// target and not as an exporter that is down.
func TestScrapeTimeout(t *testing.T) {
	t.Parallel()
	config := write(t, room(t), "config.yml", `
modules:
  nut: {timeout: 1m}
  short: {collector: nut, timeout: 1s}
`)
	e := startExporter(t, "--config.file="+config)
	for _, c := range []struct{ module, header string }{
		{"nut", "4"},    // Prometheus has less time than the module allows
		{"short", "20"}, // the module allows less than Prometheus has
	} {
		t.Run(c.module, func(t *testing.T) {
			t.Parallel()
			target := listen(t, silence).address // one each, since they wait for each other
			limit, err := time.ParseDuration(c.header + "s")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			p, err := e.fetch(ctx, http.MethodGet, "/probe?module="+c.module+"&target="+target, http.Header{
				"X-Prometheus-Scrape-Timeout-Seconds": {c.header},
			})
			if err != nil {
				t.Fatalf("Prometheus would have given up after %s: %v", limit, err)
			}
			p.wantStatus(t, http.StatusOK)
			p.want(t, map[string]string{
				"probe_success": "0",
				`power_probe_request_success{request="connect"}`:  "1",
				`power_probe_request_success{request="LIST UPS"}`: "0",
			})
			lint(t, p.body)
			e.logs(t, `level=warn .*msg="probe failed" target=`+target+` module=`+c.module+` err=".*LIST UPS: no answer in time`)
		})
	}
}
