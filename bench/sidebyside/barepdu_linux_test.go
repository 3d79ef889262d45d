package main

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"power_exporter/bench/pdu"
	"power_exporter/cmd/powersim/synlinksim"
)

func TestBarePDU(t *testing.T) {
	t.Parallel()
	sim, base := playPDU(t)
	b := newBarePDU(base.Host, atATime)
	defer func() {
		if err := b.hangUp(); err != nil {
			t.Error(err)
		}
	}()
	want := map[string]int{}
	for _, endpoint := range pdu.Endpoints() {
		want["/api/"+endpoint] = 2
	}
	for range 2 {
		if err := b.read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stats := sim.Stats()
	if !maps.Equal(stats.Requests, want) || stats.MaxInFlight > atATime || stats.Answers[http.StatusOK] != 14 {
		t.Errorf("requests, in flight and answers are %v, %d and %v", stats.Requests, stats.MaxInFlight, stats.Answers)
	}
	if err := b.hangUp(); err != nil {
		t.Error(err)
	}
	if err := b.read(t.Context()); err != nil {
		t.Errorf("after hanging up: %v", err)
	}
	sim.SetFault("/api/banks", synlinksim.Fault{Status: http.StatusServiceUnavailable})
	if err := b.read(t.Context()); err == nil || !strings.Contains(err.Error(), "GET /api/banks: 503") {
		t.Errorf("error is %v", err)
	}
}
