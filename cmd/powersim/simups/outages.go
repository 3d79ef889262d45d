// Package simups is the life of the UPSes that Network UPS Tools reads, wherever
// they are shown: mains that fail, batteries that bridge it, and ups.status and
// numbers as NUT writes them.
package simups

import (
	"math/rand/v2"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// How often the mains fail for one of the UPSes, and for how long.
const (
	shortCalm, longCalm     = 3 * time.Minute, 6 * time.Minute
	shortOutage, longOutage = 45 * time.Second, 2 * time.Minute
)

// Outages are the mains of some UPSes, which every few minutes fail for one of
// them.
type Outages struct {
	// Victim is the UPS without mains, or "".
	Victim string

	random *rand.Rand
	change time.Time // when the outage begins or ends next
}

// NewOutages begin with mains for all.
func NewOutages(random *rand.Rand) *Outages { return &Outages{random: random} }

// Step brings the mains to the given time. An outage that the victim bears no
// longer, since its battery is empty, ends at once; another one is for one of
// those that are able to bear it.
func (o *Outages) Step(now time.Time, empty bool, able []string) {
	if o.change.IsZero() {
		o.change = now.Add(simlive.Between(o.random, shortCalm, longCalm))
	}
	switch {
	case now.Before(o.change) && !empty:
	case o.Victim != "" || len(able) == 0:
		o.Victim = ""
		o.change = now.Add(simlive.Between(o.random, shortCalm, longCalm))
	default:
		o.Victim = able[o.random.IntN(len(able))]
		o.change = now.Add(simlive.Between(o.random, shortOutage, longOutage))
	}
}
