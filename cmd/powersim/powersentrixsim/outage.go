package powersentrixsim

import (
	"math/rand/v2"
	"strconv"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// How often the mains fail, and for how long; how long a full battery lasts,
// and how long an empty one takes to fill. At the true pace hardly anything of
// it would be seen.
const (
	shortCalm, longCalm     = 2 * time.Minute, 4 * time.Minute
	shortOutage, longOutage = 30 * time.Second, 75 * time.Second
	emptying, filling       = 100 * time.Second, 6 * time.Minute
)

// What is left of a battery where it is low, and where the mains come back at
// the latest, since a UPS that is off is of no more use to a demo.
const (
	lowCharge  = 0.5
	lastCharge = 0.1
)

// outage is the mains that fail, and the battery that bridges it.
type outage struct {
	change time.Time // when the mains fail or come back next
	on     bool      // the mains are off
	low    bool      // the event was recorded
	charge float64   // of the battery, of 1
}

// step lets time pass, and gives what happened. A UPS that has no mains to lose
// never does.
func (o *outage) step(now time.Time, elapsed time.Duration, random *rand.Rand, able bool) (events []kind) {
	if !able {
		return nil
	}
	if o.change.IsZero() {
		o.change = now.Add(simlive.Between(random, shortCalm, longCalm))
	}
	if o.on {
		o.charge = max(0, o.charge-elapsed.Seconds()/emptying.Seconds())
	} else {
		o.charge = min(1, o.charge+elapsed.Seconds()/filling.Seconds())
	}
	switch {
	case o.on && (o.charge <= lastCharge || !now.Before(o.change)):
		o.on, o.low = false, false
		o.change = now.Add(simlive.Between(random, shortCalm, longCalm))
		events = append(events, mains(true))
	case o.on && o.charge <= lowCharge && !o.low:
		o.low = true
		events = append(events, batteryLow())
	case !o.on && !now.Before(o.change):
		o.on = true
		o.change = now.Add(simlive.Between(random, shortOutage, longOutage))
		events = append(events, mains(false))
	}
	return events
}

// hasMains says whether there are mains that could fail.
func (d *Data) hasMains() bool {
	if d.UPSData == nil {
		return false
	}
	for _, s := range d.UPSData.PS {
		if s.Main != nil && *s.Main > 0 {
			return true
		}
	}
	return false
}

// showSupply writes a power supply: the mains side is 0 while the mains are off,
// the battery falls towards its protection and is charged afterwards, and its
// cells add up to it, as they do in the document's sample. The bus never has
// more than the battery while that alone feeds it.
func (l *Live) showSupply(i int, now *PowerSupply, base PowerSupply) {
	name := "ps" + strconv.Itoa(i)
	l.drift(name+"/main", now.Main, base.Main, 40*time.Second, 0.004)
	l.drift(name+"/load", now.Load, base.Load, 20*time.Second, 0.002)
	if l.outage.on && now.Main != nil {
		*now.Main = 0
	}
	if now.Batt == nil || base.Batt == nil {
		return
	}
	batt := scaled(l.battery(base), l.factor(name+"/batt", time.Minute, 0.0005))
	if len(now.Cell) == len(base.Cell) && len(base.Cell) > 0 {
		sum := 0
		for c := range base.Cell {
			now.Cell[c] = scaled(base.Cell[c], float64(batt)/float64(*base.Batt))
			sum += now.Cell[c]
		}
		batt = sum
	}
	*now.Batt = batt
	if l.outage.on && now.Load != nil {
		*now.Load = min(*now.Load, batt)
	}
}

// battery is the voltage that a battery has at its charge.
func (l *Live) battery(base PowerSupply) int {
	full := float64(*base.Batt)
	top, bottom := 0.97*full, 0.9*full // under load
	if base.BUV != nil {
		bottom = min(max(bottom, 1.005*float64(*base.BUV)), top)
	}
	if l.outage.on {
		return int(bottom + (top-bottom)*l.outage.charge)
	}
	return int(top + (full-top)*l.outage.charge)
}
