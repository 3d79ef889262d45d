package synlinksim

import (
	"math/rand/v2"
	"time"
)

const (
	surgeLength          = 2 * time.Second
	shortRest, longRest  = 20 * time.Second, 90 * time.Second
	leastSurge, moreThan = 2, 2.5 // times the load, and so much more at most
)

// surge is the outlet, or the bank whose outlets are not metered, that draws
// much more than usual for a moment.
type surge struct {
	begins time.Time
	id     string // "" while there is none
	factor float64
}

// step begins or ends a surge at one of the given loads.
func (s *surge) step(now time.Time, random *rand.Rand, ids []string) {
	if s.begins.IsZero() {
		s.begins = now.Add(rest(random))
	}
	switch {
	case !now.Before(s.begins.Add(surgeLength)):
		s.id = ""
		s.begins = now.Add(rest(random))
	case !now.Before(s.begins) && s.id == "" && len(ids) > 0:
		s.id = ids[random.IntN(len(ids))]
		s.factor = leastSurge + moreThan*random.Float64()
	}
}

// rest is the time between two surges.
func rest(random *rand.Rand) time.Duration {
	return shortRest + time.Duration(random.Int64N(int64(longRest-shortRest)))
}

// at is how many times its usual load something draws.
func (s *surge) at(id string) float64 {
	if id == s.id {
		return s.factor
	}
	return 1
}
