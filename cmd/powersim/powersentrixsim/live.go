package powersentrixsim

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// Live lets a UPS live: voltages, currents and temperatures drift about what
// was recorded, uptimes grow, every few minutes the mains fail for a while in
// which the battery empties, and now and then an output is off for some seconds.
// Each of these is an event in the UPS's log. It changes only readings that are
// there, and whatever is set by hand among them is overwritten.
//
// The same seed and the same times give the same life. A Live is used by one
// goroutine at a time.
type Live struct {
	ups     *UPS
	random  *rand.Rand
	base    Data // as first met
	clock   simlive.Clock
	walks   *simlive.Walks
	outage  outage
	restart restart
}

// NewLive prepares the life of a UPS; it stands still until Run or Step.
func NewLive(ups *UPS, seed uint64) *Live {
	random := simlive.Random(seed)
	return &Live{ups: ups, random: random, base: ups.look(), walks: simlive.NewWalks(random), outage: outage{charge: 1}}
}

// Run makes a step at once and then every so often, until ctx ends.
func (l *Live) Run(ctx context.Context, every time.Duration) {
	simlive.Run(ctx, every, l.Step)
}

// Step brings the UPS to the given time. The first step only sets the clock.
func (l *Live) Step(now time.Time) {
	l.clock.Step(now)
	l.walks.Step(l.clock.Elapsed)
	now = l.clock.Now
	events := l.outage.step(now, l.clock.Elapsed, l.random, l.base.hasMains())
	events = append(events, l.restart.step(now, l.random, l.base.switched())...)
	l.ups.Update(l.show)
	for _, e := range events {
		l.ups.record(now, e.code, e.description, "")
	}
}

// show writes what the UPS says of itself now.
func (l *Live) show(d *Data) {
	l.showIdent(d.ident())
	if d.UPSData == nil || l.base.UPSData == nil {
		return
	}
	l.showOutputs(d)
	now, base := d.UPSData, l.base.UPSData
	now.Uptime = l.uptime(base.Uptime)
	if now.Temps != nil && base.Temps != nil {
		l.drift("board", now.Temps.Board, base.Temps.Board, 5*time.Minute, 0.03)
		l.drift("mcu", now.Temps.MCU, base.Temps.MCU, 3*time.Minute, 0.03)
	}
	for i := range min(len(now.PS), len(base.PS)) {
		l.showSupply(i, &now.PS[i], base.PS[i])
	}
}

// showIdent writes the part of the identity that moves.
func (l *Live) showIdent(now *Ident) {
	base := l.base.ident()
	if now == nil || base == nil {
		return
	}
	now.ComUptime, now.MainUptime = l.uptime(base.ComUptime), l.uptime(base.MainUptime)
	l.drift("cpu", now.CPULoad, base.CPULoad, 20*time.Second, 0.3)
	l.drift("ram", now.FreeRAMSize, base.FreeRAMSize, time.Minute, 0.01)
}

// uptime is an uptime as recorded and the time since then; what is none stays.
func (l *Live) uptime(recorded string) string {
	was, ok := parseUptime(recorded)
	if !ok {
		return recorded
	}
	return formatUptime(was + l.clock.Age)
}

// drift writes a reading that strays by so much about what was recorded.
func (l *Live) drift(name string, now, base *int, memory time.Duration, by float64) {
	if now != nil && base != nil {
		*now = scaled(*base, l.factor(name, memory, by))
	}
}

// factor is a number about 1 that strays by so much, the same all through a step.
func (l *Live) factor(name string, memory time.Duration, by float64) float64 {
	return 1 + by*l.walks.At(name, memory)
}

// scaled is a number times a factor.
func scaled(n int, factor float64) int { return int(math.Round(float64(n) * factor)) }
