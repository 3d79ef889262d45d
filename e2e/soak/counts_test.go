package soak

import (
	"cmp"
	"net/http"
	"slices"
	"sync"
	"time"
)

// outcome is how the probes of one kind of target went.
type outcome struct {
	targets           int
	succeeded, failed int
	took              []time.Duration // of those that succeeded
}

// counts is what was done to the exporter.
type counts struct {
	troubles int // begun, by one goroutine

	mu       sync.Mutex
	kinds    map[string]*outcome
	refused  int // probes of targets that were not there
	skipped  int // probes that were due while the one before was under way
	browsed  int
	energies int // counters of targets that were compared
	reloads  map[int]int
	reloaded []time.Duration // how long those took that were good
}

// probed counts a probe.
func (c *counts) probed(d *device, p page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kinds == nil {
		c.kinds = map[string]*outcome{}
	}
	o := c.kinds[d.kind]
	if o == nil {
		o = &outcome{}
		c.kinds[d.kind] = o
	}
	if p.succeeded() {
		o.succeeded++
		o.took = append(o.took, p.took)
	} else {
		o.failed++
	}
}

// refuse counts a probe of a target that was not there.
func (c *counts) refuse() { c.more(&c.refused) }

// skip counts a probe that was not made.
func (c *counts) skip() { c.more(&c.skipped) }

// browse counts another request.
func (c *counts) browse() { c.more(&c.browsed) }

// compare counts a counter of a target that was compared.
func (c *counts) compare() { c.more(&c.energies) }

// more adds one to one of the counts.
func (c *counts) more(count *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*count++
}

// reload counts a reload by its status.
func (c *counts) reload(status int, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reloads == nil {
		c.reloads = map[int]int{}
	}
	c.reloads[status]++
	if status == http.StatusOK {
		c.reloaded = append(c.reloaded, took)
	}
}

// quantile is the value that so many of all do not exceed, of 1; 0 of none.
func quantile[T cmp.Ordered](all []T, q float64) T {
	if len(all) == 0 {
		var zero T
		return zero
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))]
}
