package simups

import (
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
	// lastCharge is the charge, in percent, that is left of a battery at the
	// end of the longest outage.
	lastCharge = 2
)

// What a UPS has that does not tell its own: percent, and seconds.
const (
	DefaultLow     = 20
	DefaultRuntime = 1800
)

// Battery is the battery of a UPS. The zero Battery is one that is not known: it
// bears no outage, and has nothing to tell.
type Battery struct {
	// Status is ups.status as recorded.
	Status string
	// Full is the charge as recorded, in percent.
	Full float64
	// Low is the charge where LB begins, in percent.
	Low float64
	// Runtime is what the battery lasts at the recorded charge and load, in
	// seconds.
	Runtime float64
	// Charge is that of now, in percent.
	Charge float64
	// Outage says that the battery feeds the load.
	Outage bool
}

// Lives says whether the battery is one whose charge is known, of a UPS on mains.
func (b *Battery) Lives() bool {
	return b.Full > 0 && slices.Contains(strings.Fields(b.Status), "OL")
}

// Ready says whether the UPS can bear an outage.
func (b *Battery) Ready() bool { return b.Lives() && b.Charge >= b.Full/2 }

// Empty says whether an outage must end: a UPS that ran empty would be off, and
// of no more use to a demo.
func (b *Battery) Empty() bool { return b.Outage && b.Charge <= lastCharge }

// Step lets time pass, with mains or without; load is how many times the recorded
// one it is.
func (b *Battery) Step(elapsed time.Duration, outage bool, load float64) {
	if !b.Lives() {
		return
	}
	b.Outage = outage
	if outage {
		b.Charge -= haste * load * b.Full * elapsed.Seconds() / b.Runtime
	} else {
		b.Charge += 100 * elapsed.Seconds() / filling.Seconds()
	}
	b.Charge = max(0, min(b.Charge, b.Full))
}

// Seconds is what the battery lasts now, at so many times the recorded load.
func (b *Battery) Seconds(load float64) float64 { return b.Runtime * b.Charge / b.Full / load }

// Words is ups.status now: as recorded, but for what an outage changes.
func (b *Battery) Words() string {
	var words []string
	switch {
	case b.Outage && b.Charge <= b.Low:
		words = []string{"OB", "DISCHRG", "LB"}
	case b.Outage:
		words = []string{"OB", "DISCHRG"}
	case b.Charge < b.Full:
		words = []string{"OL", "CHRG"}
	default:
		return b.Status
	}
	for word := range strings.FieldsSeq(b.Status) {
		if !slices.Contains([]string{"OL", "OB", "LB", "CHRG", "DISCHRG", "BOOST", "TRIM"}, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// Volts is the voltage of a battery that has the recorded one while it is
// charged. One that feeds a load has less.
func (b *Battery) Volts(recorded float64) float64 {
	if !b.Outage {
		return recorded
	}
	return recorded * (0.84 + 0.1*b.Charge/100)
}
