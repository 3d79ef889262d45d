package collector

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Gate lets a limited number of requests through to one device, or to one
// account of a service, at a time, whoever makes them: small web servers fall over
// at the third, and some upsd restart above three clients. It also remembers what
// everybody has to know who passes it: that nothing may be asked for a while.
type Gate struct {
	slots *semaphore.Weighted

	mu     sync.Mutex
	paused time.Time
}

// NewGate is a gate through which n requests fit at a time.
func NewGate(n int) *Gate { return &Gate{slots: semaphore.NewWeighted(int64(max(n, 1)))} }

// Enter waits for a place, and returns the function that gives it back. It
// fails only when ctx ends first.
func (g *Gate) Enter(ctx context.Context) (leave func(), err error) {
	if err := g.slots.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("waiting for other requests to the device: %w", err)
	}
	return func() { g.slots.Release(1) }, nil
}

// Pause notes that whoever is behind the gate asked not to be asked before then.
// The latest time counts. Keeping to it is up to those who pass.
func (g *Gate) Pause(until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.paused) {
		g.paused = until
	}
}

// Paused is before when nothing may be asked: in the past, or zero, if something
// may be.
func (g *Gate) Paused() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.paused
}
