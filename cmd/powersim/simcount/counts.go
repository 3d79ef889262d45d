// Package simcount counts what a simulated device is asked and what it answers,
// so that a test can wait for it, and can prove what a client never sends.
package simcount

import (
	"context"
	"fmt"
	"sync"
)

// Counts are counts that can be waited for. All its methods may be called at any
// time from any goroutine.
type Counts[T any] struct {
	unshare func(*T) // gives a copy maps of its own

	mu      sync.Mutex
	now     T
	changed chan struct{} // closed at the next change; nil while nobody waits
}

// shared is a pointer to counts that have maps.
type shared[T any] interface {
	*T
	// Unshare gives a copy maps of its own.
	Unshare()
}

// New begins with the given counts.
func New[T any, P shared[T]](begin T) *Counts[T] {
	return &Counts[T]{unshare: func(copied *T) { P(copied).Unshare() }, now: begin}
}

// Add applies edit to the counts.
func (c *Counts[T]) Add(edit func(*T)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	edit(&c.now)
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
}

// Snapshot is a copy of the counts so far.
func (c *Counts[T]) Snapshot() T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.copied()
}

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (c *Counts[T]) Wait(ctx context.Context, wanted func(T) bool) error {
	for {
		now, changed := c.watch()
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

// watch is a copy, and a channel that is closed when it has become old.
func (c *Counts[T]) watch() (now T, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed == nil {
		c.changed = make(chan struct{})
	}
	return c.copied(), c.changed
}

// copied is a copy, for those who hold the lock.
func (c *Counts[T]) copied() T {
	now := c.now
	c.unshare(&now)
	return now
}
