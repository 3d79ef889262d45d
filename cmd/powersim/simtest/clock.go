package simtest

import (
	"sync"
	"time"
)

// Clock stands still until it is moved. All its methods may be called at any
// time from any goroutine.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock stands at the given time.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move lets time pass.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
