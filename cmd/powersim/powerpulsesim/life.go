package powerpulsesim

import (
	"math/rand/v2"
	"time"

	"power_exporter/cmd/powersim/simlive"
	"power_exporter/cmd/powersim/simups"
)

// life is that of one UPS.
type life struct {
	recorded object
	battery  simups.Battery

	load, mains, inverter, warmth simlive.Walk
}

// newLife begins with the UPS as it is.
func newLife(o object) *life {
	full := readingOf("battery.charge").recorded(o)
	b := &life{recorded: o, battery: simups.Battery{
		Status: o.text("upsDetails/status"), Full: full, Charge: full, Low: simups.DefaultLow, Runtime: runtime(o),
	}}
	if b.battery.Status == "" && o.text("status") == "Online" {
		b.battery.Status = "OL"
	}
	if low := o.number("batteryDetails/chargeLow"); low > 0 {
		b.battery.Low = low
	}
	return b
}

// runtime is what a battery lasts at the recorded charge and load, in seconds.
func runtime(recorded object) float64 {
	if seconds := readingOf("battery.runtime").recorded(recorded); seconds > 0 {
		return seconds
	}
	if minutes := recorded.number("runtimeRemaining"); minutes > 0 {
		return 60 * minutes
	}
	return simups.DefaultRuntime
}

// factor is how many times the recorded load the UPS feeds.
func (b *life) factor() float64 { return 1 + 0.1*b.load.At() }

// step lets time pass, with mains or without.
func (b *life) step(random *rand.Rand, elapsed time.Duration, outage bool) {
	b.load.Step(random, elapsed, 5*time.Minute)
	b.mains.Step(random, elapsed, 2*time.Minute)
	b.inverter.Step(random, elapsed, time.Minute)
	b.warmth.Step(random, elapsed, 20*time.Minute)
	b.battery.Step(elapsed, outage, b.factor())
}
