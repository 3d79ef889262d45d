package synlinksim

import (
	"context"
	"math/rand/v2"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// Live lets a PDU live: currents, voltages, power factors and temperatures
// drift about what was recorded, energies grow with the power, the current of
// a bank stays the sum of its outlets' and that of an inlet the sum of its
// banks', and now and then an outlet draws several times as much for 2 s. It
// changes only members that are there; what is set by hand among those is
// overwritten.
//
// The same seed and the same times give the same life. A Live is used by one
// goroutine at a time.
type Live struct {
	pdu    *PDU
	random *rand.Rand
	clock  simlive.Clock

	bases  map[string]float64 // what was recorded, by object and member
	walks  *simlive.Walks
	energy map[string]float64 // kWh since the first step, by bank; "" is all
	surge  surge
}

// NewLive prepares the life of a PDU; it stands still until Run or Step. The
// readings as they are when first met are what they drift about.
func NewLive(pdu *PDU, seed uint64) *Live {
	random := simlive.Random(seed)
	return &Live{
		pdu:    pdu,
		random: random,
		bases:  map[string]float64{},
		walks:  simlive.NewWalks(random),
		energy: map[string]float64{},
	}
}

// Run makes a step at once and then every so often, until ctx ends. A surge
// can be seen only if that is 2 s or less.
func (l *Live) Run(ctx context.Context, every time.Duration) {
	simlive.Run(ctx, every, l.Step)
}

// Step brings the PDU to the given time. The first step only sets the clock.
func (l *Live) Step(now time.Time) {
	l.clock.Step(now)
	l.walks.Step(l.clock.Elapsed)
	now = l.clock.Now
	p := l.pdu
	p.mu.Lock()
	defer p.mu.Unlock()
	l.surge.step(now, l.random, l.metered())
	outlets := l.outlets()
	banks := l.banks(outlets)
	l.inlets(banks)
	l.circuits(banks)
	l.groups(outlets, banks)
	l.sensors()
	for _, o := range objects(p.replies["diagnostics"]) {
		l.grow(o, "diagnostics", "lifetimeInletEnergyAccumulation", "")
	}
	for _, o := range objects(p.replies["device"]) {
		l.set(o, "uptime", l.base("device", o, "uptime")+l.clock.Age.Seconds(), 0)
		if o.has("time") {
			o.set("time", now.UTC().Format("2006-01-02T15:04Z"))
		}
	}
}
