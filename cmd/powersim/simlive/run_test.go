package simlive_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// Run steps at once, then every so often, and ends with its context.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 35*time.Second)
		defer cancel()
		var steps []time.Duration
		simlive.Run(ctx, 10*time.Second, func(now time.Time) { steps = append(steps, now.Sub(begin)) })
		if !slices.Equal(steps, []time.Duration{0, 10 * time.Second, 20 * time.Second, 30 * time.Second}) {
			t.Error(steps)
		}
		if ended := time.Since(begin); ended != 35*time.Second {
			t.Errorf("it ended after %v", ended)
		}
	})
}

// Time never goes back: in a late step none passes, and those after it go on.
func TestClock(t *testing.T) {
	t.Parallel()
	const begin = 1790000000
	var c simlive.Clock
	for _, tt := range []struct{ at, now, elapsed int64 }{
		{0, 0, 0},
		{5, 5, 5},
		{5, 5, 0},
		{3, 5, 0},
		{-9, 5, 0},
		{6, 6, 1},
		{20, 20, 14},
	} {
		c.Step(time.Unix(begin+tt.at, 0))
		if now := c.Now.Unix() - begin; now != tt.now || c.Elapsed.Seconds() != float64(tt.elapsed) || c.Age.Seconds() != float64(now) {
			t.Errorf("at %d: %d, %v, age %v", tt.at, now, c.Elapsed, c.Age)
		}
	}
}

// The seed makes the numbers, and durations are whole seconds between two, both
// included.
func TestRandom(t *testing.T) {
	t.Parallel()
	first, second, other := simlive.Random(7), simlive.Random(7), simlive.Random(8)
	seen := map[time.Duration]bool{}
	differ := false
	for range 100 {
		d := simlive.Between(first, 2*time.Second, 4*time.Second)
		if d != simlive.Between(second, 2*time.Second, 4*time.Second) {
			t.Fatal("one seed, two numbers")
		}
		differ = differ || d != simlive.Between(other, 2*time.Second, 4*time.Second)
		seen[d] = true
	}
	if len(seen) != 3 || !seen[2*time.Second] || !seen[3*time.Second] || !seen[4*time.Second] || !differ {
		t.Errorf("%v, another seed differs: %v", seen, differ)
	}
}
