// Package simlive is what the lives of simulated devices have in common: steps
// in time, and random walks that readings drift with. The same seed and the same
// times give the same life.
package simlive

import (
	"context"
	"time"
)

// Run makes a step at once and then every so often, until ctx ends.
func Run(ctx context.Context, every time.Duration, step func(now time.Time)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	step(time.Now())
	for {
		select {
		case now := <-ticker.C:
			step(now)
		case <-ctx.Done():
			return
		}
	}
}
