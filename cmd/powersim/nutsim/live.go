package nutsim

import (
	"context"
	"math/rand/v2"
	"time"
)

// How often the mains fail for one of the UPSes, and for how long.
const (
	shortCalm, longCalm     = 3 * time.Minute, 6 * time.Minute
	shortOutage, longOutage = 45 * time.Second, 2 * time.Minute
)

// Live lets the devices of a server live: loads, voltages and temperatures
// drift about what was recorded, the totals of a PDU stay the sums of their
// parts, and every few minutes one UPS goes on battery and comes back. It
// changes only devices in StateOK, and only variables that move; what is set by
// hand among those is overwritten.
//
// The same seed and the same times give the same life. A Live is used by one
// goroutine at a time.
type Live struct {
	server *Server
	random *rand.Rand
	last   time.Time
	change time.Time // when the outage begins or ends next
	victim string    // the UPS without mains, or ""
	bodies map[string]*body
}

// NewLive prepares the life of a server's devices; it stands still until Run
// or Step. The devices as they are when first met are what they drift about.
func NewLive(server *Server, seed uint64) *Live {
	return &Live{
		server: server,
		random: rand.New(rand.NewPCG(seed, seed)), //nolint:gosec // a demo must repeat itself, nobody guesses it
		bodies: map[string]*body{},
	}
}

// Run makes a step at once and then every so often, until ctx ends.
func (l *Live) Run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	l.Step(time.Now())
	for {
		select {
		case now := <-ticker.C:
			l.Step(now)
		case <-ctx.Done():
			return
		}
	}
}

// Step brings every device to the given time. The first step only sets the
// clock.
func (l *Live) Step(now time.Time) {
	if l.last.IsZero() {
		l.last = now
		l.change = now.Add(l.between(shortCalm, longCalm))
	}
	elapsed := now.Sub(l.last)
	l.last = now
	names := l.server.Names()
	l.meet(names)
	// A UPS that ran empty would be off, and of no more use to the demo.
	if !now.Before(l.change) || l.victim != "" && l.bodies[l.victim].battery.charge <= 2 {
		l.switchMains(now, names)
	}
	for _, name := range names {
		b := l.bodies[name]
		if b == nil {
			continue
		}
		b.step(l.random, elapsed, name == l.victim)
		// The error is about a UPS that was removed since; so be it.
		_ = l.server.change(name, func(n *unit) {
			if n.state == StateOK {
				b.show(n.set)
			}
		})
	}
}

// meet takes note of devices that came and went.
func (l *Live) meet(names []string) {
	present := make(map[string]bool, len(names))
	for _, name := range names {
		present[name] = true
		if l.bodies[name] != nil {
			continue
		}
		if u, ok := l.server.UPS(name); ok && u.State == StateOK {
			l.bodies[name] = newBody(u)
		}
	}
	for name := range l.bodies {
		if !present[name] {
			delete(l.bodies, name)
		}
	}
	if !present[l.victim] {
		l.victim = ""
	}
}

// switchMains ends an outage, or begins one for a UPS that can bear it.
func (l *Live) switchMains(now time.Time, names []string) {
	if l.victim != "" {
		l.victim = ""
		l.change = now.Add(l.between(shortCalm, longCalm))
		return
	}
	var able []string
	for _, name := range names {
		if b := l.bodies[name]; b != nil && b.battery.ready() {
			able = append(able, name)
		}
	}
	if len(able) == 0 {
		l.change = now.Add(l.between(shortCalm, longCalm))
		return
	}
	l.victim = able[l.random.IntN(len(able))]
	l.change = now.Add(l.between(shortOutage, longOutage))
}

// between is a random duration of whole seconds.
func (l *Live) between(low, high time.Duration) time.Duration {
	return low + time.Duration(l.random.Int64N(int64((high-low)/time.Second)+1))*time.Second
}
