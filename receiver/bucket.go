package receiver

import "time"

// rate is how much is let through: so much at once, and then one each time.
type rate struct {
	burst int
	each  time.Duration
}

// bucket is a token bucket of a rate in one moment: the one when it will be full
// again. The zero bucket is full.
type bucket struct{ full time.Time }

// take takes a token, or says how long it takes until there is one.
func (b *bucket) take(now time.Time, r rate) (wait time.Duration, ok bool) {
	if wait := b.wait(now, r); wait > 0 {
		return wait, false
	}
	if b.full.Before(now) {
		b.full = now
	}
	b.full = b.full.Add(r.each)
	return 0, true
}

// wait is how long it takes until there is a token.
func (b *bucket) wait(now time.Time, r rate) time.Duration {
	return max(0, max(0, b.full.Sub(now))-time.Duration(r.burst-1)*r.each)
}
