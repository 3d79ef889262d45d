package simtest

import "time"

// LateStep tells of a life in which a step of an earlier time than the last one
// changes anything, or after which it stands still. Look is everything that
// lives.
func LateStep(tb TB, step func(now time.Time), look func() string) {
	tb.Helper()
	now := time.Unix(1790000000, 0)
	step(now)
	step(now.Add(time.Minute))
	before := look()
	step(now.Add(time.Minute - time.Nanosecond))
	step(now)
	if after := look(); after != before {
		tb.Errorf("it went back, from %s to %s", before, after)
	}
	step(now.Add(2 * time.Minute))
	if look() == before {
		tb.Errorf("it stands still at %s", before)
	}
}
