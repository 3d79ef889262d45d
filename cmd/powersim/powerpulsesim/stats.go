package powerpulsesim

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"sync"
)

// Stats counts what a server has seen since it was made.
type Stats struct {
	Requests     map[string]int // by method and path, as "GET /api/ups/systems", whatever the answer
	Answers      map[int]int    // by status; a connection that was reset has none
	InFlight     int            // requests that wait for their answer now
	MaxInFlight  int            // the most that waited at the same time
	Logins       int            // log-ins that gave a token
	FailedLogins int            // names and passwords refused
	BytesOut     int64          // of bodies, before TLS
}

// Stats is a copy of the counts so far.
func (s *Server) Stats() Stats { return s.counters.snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (s *Server) Wait(ctx context.Context, wanted func(Stats) bool) error {
	for {
		stats, changed := s.counters.watch()
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
		stats:   Stats{Requests: map[string]int{}, Answers: map[int]int{}},
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
	stats.Answers = maps.Clone(stats.Answers)
	return stats, c.changed
}

// measure counts a request, and what is written as its answer. Its leave must be
// called when it has been answered.
func (c *counters) measure(w http.ResponseWriter, r *http.Request) *meter {
	c.add(func(st *Stats) {
		st.Requests[r.Method+" "+r.URL.Path]++
		st.InFlight++
		st.MaxInFlight = max(st.MaxInFlight, st.InFlight)
	})
	return &meter{ResponseWriter: w, counters: c}
}
