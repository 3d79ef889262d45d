package simlive

import "time"

// Clock is the time of a life, which never goes back. The zero Clock is ready.
type Clock struct {
	Now     time.Time     // of the step
	Elapsed time.Duration // since the step before; 0 in the first one
	Age     time.Duration // since the first step
}

// Step brings the clock to the given time. In a step of an earlier time than the
// last one no time passes: the first tick of Run may be older than the step that
// it makes at once.
func (c *Clock) Step(now time.Time) {
	if c.Now.IsZero() {
		c.Now = now
	}
	c.Elapsed = max(0, now.Sub(c.Now))
	if c.Elapsed > 0 {
		c.Now = now
	}
	c.Age += c.Elapsed
}
