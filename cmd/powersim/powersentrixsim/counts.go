package powersentrixsim

import (
	"context"
	"fmt"
	"sync"
)

// counts are counts that can be waited for.
type counts[T any] struct {
	clone func(T) T // a copy that does not change

	mu      sync.Mutex
	now     T
	changed chan struct{} // closed at the next change; nil while nobody waits
}

// add applies edit to the counts.
func (c *counts[T]) add(edit func(*T)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	edit(&c.now)
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
}

// snapshot is a copy.
func (c *counts[T]) snapshot() T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clone(c.now)
}

// wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (c *counts[T]) wait(ctx context.Context, wanted func(T) bool) error {
	for {
		c.mu.Lock()
		if c.changed == nil {
			c.changed = make(chan struct{})
		}
		now, changed := c.clone(c.now), c.changed
		c.mu.Unlock()
		if wanted(now) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%w, and the counts are %+v", ctx.Err(), now)
		}
	}
}
