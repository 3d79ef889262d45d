package collector

import (
	"sync"
	"testing"
	"time"
)

// TestPause shows that the latest time counts, whoever was told which.
func TestPause(t *testing.T) {
	t.Parallel()
	g := NewGate(1)
	if !g.Paused().IsZero() {
		t.Errorf("paused until %s from the beginning", g.Paused())
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var all sync.WaitGroup
	for seconds := range 100 {
		all.Go(func() { g.Pause(now.Add(time.Duration(seconds) * time.Second)) })
	}
	all.Wait()
	if want := now.Add(99 * time.Second); !g.Paused().Equal(want) {
		t.Errorf("paused until %s, want %s", g.Paused(), want)
	}
}

// TestOneGateForADevice shows that sources of a device share a gate as long as one
// of their collectors is kept, and that others have another.
func TestOneGateForADevice(t *testing.T) {
	t.Parallel()
	p := NewPool(quiet(), func() {})
	gates := map[string]*Gate{}
	read := func(key, device string) {
		s := source(key, &fake{})
		s.Device = device
		s.New = func(g *Gate) Collector {
			gates[key] = g
			return &fake{}
		}
		p.leave(p.enter(s))
	}
	read("network 1", "account a")
	read("network 2", "account a")
	read("network 3", "account b")
	if gates["network 1"] != gates["network 2"] || gates["network 1"] == gates["network 3"] {
		t.Errorf("gates %v", gates)
	}
}
