package probe

import (
	"log/slog"
	"net/url"
	"testing"
	"time"

	"power_exporter/collector"
	"power_exporter/config"
	"power_exporter/exposition"
)

// TestLimited shows that the targets of a kind whose limit is not for an address
// pass the same gate.
func TestLimited(t *testing.T) {
	t.Parallel()
	c, err := config.Parse("test.yml", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		limited func(config.Resolved) string
		gates   int
	}{
		"by address": {nil, 3},
		"by account": {func(target config.Resolved) string { return target.ModuleName }, 1},
	} {
		gates := map[*collector.Gate]bool{}
		kinds := map[string]Kind{"nut": {
			Limited: tt.limited,
			New: func(config.Resolved, url.Values) (func(*collector.Gate) collector.Collector, error) {
				return func(gate *collector.Gate) collector.Collector {
					gates[gate] = true
					return behaviour(well)
				}, nil
			},
		}}
		p := New(kinds, func() *config.Config { return c }, pushed, exposition.NewSelf(), slog.New(slog.DiscardHandler))
		for _, address := range []string{"a.example.net", "b.example.net", "c.example.net"} {
			query := url.Values{"module": {"nut"}, "target": {address}}
			if _, err := p.Probe(t.Context(), query, time.Minute, slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
			}
		}
		if len(gates) != tt.gates {
			t.Errorf("%s: %d gates, want %d", name, len(gates), tt.gates)
		}
	}
}
