package powersentrixsim

import (
	"math"
	"math/rand/v2"
	"time"
)

// walk is a random walk that is drawn back to 0. It is as often within ±1 as
// a normal distribution is, and never beyond ±2.5.
type walk float64

// step lets time pass; memory is how long it takes to forget where it was.
func (w *walk) step(random *rand.Rand, elapsed, memory time.Duration) {
	keep := math.Exp(-elapsed.Seconds() / memory.Seconds())
	at := float64(*w)*keep + math.Sqrt(1-keep*keep)*random.NormFloat64()
	*w = walk(max(-2.5, min(at, 2.5)))
}
