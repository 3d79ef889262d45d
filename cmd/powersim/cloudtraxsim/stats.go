package cloudtraxsim

import (
	"context"
	"fmt"
	"maps"
	"sync"
)

// Stats counts what a cloud has seen since it was made.
type Stats struct {
	Requests    map[string]int // by method and path without its query, as "GET /powerstrip/1", whatever the answer
	Answers     map[int]int    // by status; a connection that was reset has none
	Refused     map[int]int    // by code of the error, as 13003; those of faults are not among them
	InFlight    int            // requests that wait for their answer now
	MaxInFlight int            // the most that waited at the same time
	BytesOut    int64          // bodies of answers, before TLS
}

// Stats is a copy of the counts so far.
func (c *Cloud) Stats() Stats {
	stats, _ := c.counters.watch()
	return stats
}

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (c *Cloud) Wait(ctx context.Context, wanted func(Stats) bool) error {
	for {
		stats, changed := c.counters.watch()
		if wanted(stats) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%w, and the counts are %+v", ctx.Err(), stats)
		}
	}
}

// counters is the Stats that requests write to.
type counters struct {
	mu      sync.Mutex
	stats   Stats
	changed chan struct{} // closed at the next change
}

// newCounters starts from nothing.
func newCounters() *counters {
	return &counters{
		stats:   Stats{Requests: map[string]int{}, Answers: map[int]int{}, Refused: map[int]int{}},
		changed: make(chan struct{}),
	}
}

// add applies edit to the counts.
func (c *counters) add(edit func(*Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	edit(&c.stats)
	close(c.changed)
	c.changed = make(chan struct{})
}

// watch is a copy, and a channel that is closed when it has become old.
func (c *counters) watch() (stats Stats, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stats = c.stats
	stats.Requests = maps.Clone(stats.Requests)
	stats.Answers = maps.Clone(stats.Answers)
	stats.Refused = maps.Clone(stats.Refused)
	return stats, c.changed
}
