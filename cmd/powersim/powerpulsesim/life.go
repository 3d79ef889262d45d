package powerpulsesim

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

const (
	// haste is how much faster than its runtime says a battery empties: at
	// the true pace a minute on battery would hardly be seen.
	haste = 5
	// filling is how long an empty battery takes to fill, in the same haste.
	filling = 40 * time.Minute
	// unsaid is the runtime, in seconds, of a UPS that does not tell its own.
	unsaid = 1800
)

// life is that of one UPS.
type life struct {
	recorded object
	status   string // as NUT says it
	alive    bool   // its battery, that of a UPS on line whose charge is known
	full     float64
	low      float64 // percent, where LB begins
	charge   float64
	outage   bool

	load, mains, inverter, warmth walk
}

// newLife begins with the UPS as it is.
func newLife(o object) *life {
	b := &life{recorded: o, status: o.text("upsDetails/status"), low: 20}
	if b.status == "" && o.text("status") == "Online" {
		b.status = "OL"
	}
	b.full = readingOf("battery.charge").recorded(o)
	b.charge = b.full
	b.alive = b.full > 0 && slices.Contains(strings.Fields(b.status), "OL")
	if low := o.number("batteryDetails/chargeLow"); low > 0 {
		b.low = low
	}
	return b
}

// ready says whether the UPS can bear an outage.
func (b *life) ready() bool { return b.alive && b.charge >= b.full/2 }

// empty says whether an outage must end: a UPS that ran empty would be off, and
// of no more use to the demo.
func (b *life) empty() bool { return b.charge <= 2 }

// factor is how many times the recorded load the UPS feeds.
func (b *life) factor() float64 { return 1 + 0.1*b.load.at }

// step lets time pass, with mains or without.
func (b *life) step(random *rand.Rand, elapsed time.Duration, outage bool) {
	b.outage = outage
	b.load.step(random, elapsed, 5*time.Minute)
	b.mains.step(random, elapsed, 2*time.Minute)
	b.inverter.step(random, elapsed, time.Minute)
	b.warmth.step(random, elapsed, 20*time.Minute)
	if !b.alive {
		return
	}
	if outage {
		b.charge -= haste * b.factor() * b.full * elapsed.Seconds() / b.runtime()
	} else {
		b.charge += 100 * elapsed.Seconds() / filling.Seconds()
	}
	b.charge = max(0, min(b.charge, b.full))
}

// runtime is what the battery lasts at the recorded charge and load, in seconds.
func (b *life) runtime() float64 {
	if seconds := readingOf("battery.runtime").recorded(b.recorded); seconds > 0 {
		return seconds
	}
	if minutes := b.recorded.number("runtimeRemaining"); minutes > 0 {
		return 60 * minutes
	}
	return unsaid
}

// words is ups.status now: as recorded, but for what an outage changes.
func (b *life) words() string {
	var others []string
	for word := range strings.FieldsSeq(b.status) {
		if !slices.Contains([]string{"OL", "OB", "LB", "CHRG", "DISCHRG", "BOOST", "TRIM"}, word) {
			others = append(others, word)
		}
	}
	var words []string
	switch {
	case b.outage && b.charge <= b.low:
		words = []string{"OB", "DISCHRG", "LB"}
	case b.outage:
		words = []string{"OB", "DISCHRG"}
	case b.charge < b.full:
		words = []string{"OL", "CHRG"}
	default:
		return b.status
	}
	return strings.Join(append(words, others...), " ")
}
