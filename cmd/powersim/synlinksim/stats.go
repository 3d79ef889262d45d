package synlinksim

import (
	"context"
	"fmt"
	"maps"
	"sync"
)

// Stats counts what a PDU has seen since it was made.
type Stats struct {
	Requests     map[string]int // by path, whatever the method and the answer
	Writes       map[string]int // by method and path, as "PUT /api/outlets/1": all but GET and log-ins, which a reader never sends
	Answers      map[int]int    // by status; 101 is a stream, a connection that was reset has none
	InFlight     int            // requests that wait for their answer now
	MaxInFlight  int            // the most that waited at the same time, those beyond MaxRequests included
	Overloaded   int            // requests refused since there were MaxRequests already
	Logins       int            // log-ins that gave a session
	FailedLogins int            // names and passwords refused, with basic authentication, too
	LockedOut    int            // log-ins refused for earlier failures; they are in FailedLogins, too
	Sessions     int            // sessions now, those that have ended by time but were not asked for included
	OpenSockets  int            // websockets open now
	Streams      int            // of those, how many have shown a session and get frames
	BadSockets   int            // websockets closed since they showed no session
	Frames       int            // frames sent
	BytesOut     int64          // bodies and frames, before TLS
}

// Stats is a copy of the counts so far.
func (p *PDU) Stats() Stats { return p.counters.snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (p *PDU) Wait(ctx context.Context, wanted func(Stats) bool) error {
	for {
		stats, changed := p.counters.watch()
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
		stats:   Stats{Requests: map[string]int{}, Writes: map[string]int{}, Answers: map[int]int{}},
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

// snapshot is a copy.
func (c *counters) snapshot() Stats {
	stats, _ := c.watch()
	return stats
}

// watch is a copy, and a channel that is closed when it has become old.
func (c *counters) watch() (stats Stats, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stats = c.stats
	stats.Requests = maps.Clone(stats.Requests)
	stats.Writes = maps.Clone(stats.Writes)
	stats.Answers = maps.Clone(stats.Answers)
	return stats, c.changed
}
