package collector

import (
	"context"
	"fmt"

	"golang.org/x/sync/semaphore"
)

// Gate lets a limited number of requests through to one device at a time,
// whoever makes them: small web servers fall over at the third, and some upsd
// restart above three clients.
type Gate struct{ slots *semaphore.Weighted }

// NewGate is a gate through which n requests fit at a time.
func NewGate(n int) *Gate { return &Gate{semaphore.NewWeighted(int64(max(n, 1)))} }

// Enter waits for a place, and returns the function that gives it back. It
// fails only when ctx ends first.
func (g *Gate) Enter(ctx context.Context) (leave func(), err error) {
	if err := g.slots.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("waiting for other requests to the device: %w", err)
	}
	return func() { g.slots.Release(1) }, nil
}
