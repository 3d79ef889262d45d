package simlive

import (
	"math/rand/v2"
	"time"
)

// Random gives the same numbers for the same seed.
func Random(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a demo must repeat itself, nobody guesses it
}

// Between is a random duration of whole seconds.
func Between(random *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(random.Int64N(int64((high-low)/time.Second)+1))*time.Second
}
