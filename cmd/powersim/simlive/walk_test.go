package simlive_test

import (
	"math"
	"testing"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// A walk is as often within ±1 as a normal distribution is, never beyond ±2.5,
// and about 0, whatever its steps are.
func TestWalk(t *testing.T) {
	t.Parallel()
	for _, elapsed := range []time.Duration{time.Second, time.Minute, time.Hour} {
		random := simlive.Random(1)
		var w simlive.Walk
		const steps = 200000
		within, sum, farthest := 0, 0.0, 0.0
		for range steps {
			w.Step(random, elapsed, 30*time.Second)
			if math.Abs(w.At()) < 1 {
				within++
			}
			sum += w.At()
			farthest = max(farthest, math.Abs(w.At()))
		}
		if share := float64(within) / steps; math.Abs(share-0.683) > 0.02 || math.Abs(sum/steps) > 0.05 || farthest != 2.5 {
			t.Errorf("%v: %.3f within 1, mean %.3f, up to %v", elapsed, share, sum/steps, farthest)
		}
	}
}

// Without time nothing moves, and hardly in a little.
func TestWalkStandsStill(t *testing.T) {
	t.Parallel()
	random := simlive.Random(1)
	var w simlive.Walk
	w.Keep(random, 0)
	was := w.At()
	w.Step(random, 0, time.Minute)
	w.Keep(random, 1)
	if was == 0 || w.At() != was {
		t.Errorf("%v, and then %v", was, w.At())
	}
	w.Step(random, time.Millisecond, time.Minute)
	if d := math.Abs(w.At() - was); d == 0 || d > 0.05 {
		t.Errorf("%v in a millisecond", d)
	}
}

// A name has one place all through a step, and names differ.
func TestWalks(t *testing.T) {
	t.Parallel()
	w := simlive.NewWalks(simlive.Random(1))
	last := map[string]float64{}
	for i := range 100 {
		w.Step(time.Second)
		a, b := w.At("a", time.Minute), w.At("b", time.Minute)
		if again := w.At("a", time.Minute); again != a || a == b || a == last["a"] || b == last["b"] {
			t.Fatalf("step %d: a was %v, is %v and %v; b was %v, is %v", i, last["a"], a, again, last["b"], b)
		}
		last["a"], last["b"] = a, b
	}
	w.Step(0)
	if a := w.At("a", time.Minute); a != last["a"] {
		t.Errorf("%v without time, after %v", a, last["a"])
	}
}
