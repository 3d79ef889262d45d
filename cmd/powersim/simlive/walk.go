package simlive

import (
	"math"
	"math/rand/v2"
	"time"
)

// farthest is how far from 0 a Walk ever is.
const farthest = 2.5

// Walk is a random walk that is drawn back to 0. It is as often within ±1 as a
// normal distribution is, and never beyond ±2.5. The zero Walk begins at 0.
type Walk struct{ at float64 }

// At is where the walk is.
func (w *Walk) At() float64 { return w.at }

// Step lets time pass, which is not negative; memory is how long it takes to
// forget where the walk was.
func (w *Walk) Step(random *rand.Rand, elapsed, memory time.Duration) {
	w.Keep(random, math.Exp(-elapsed.Seconds()/memory.Seconds()))
}

// Keep walks on from so much of where the walk was: 1 stands still, 0 has no
// memory.
func (w *Walk) Keep(random *rand.Rand, keep float64) {
	at := w.at*keep + math.Sqrt(1-keep*keep)*random.NormFloat64()
	w.at = max(-farthest, min(at, farthest))
}
