package nutsim

import (
	"context"
	"math/rand/v2"
	"time"

	"power_exporter/cmd/powersim/simlive"
	"power_exporter/cmd/powersim/simups"
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
	server  *Server
	random  *rand.Rand
	clock   simlive.Clock
	outages *simups.Outages
	bodies  map[string]*body
}

// NewLive prepares the life of a server's devices; it stands still until Run
// or Step. The devices as they are when first met are what they drift about.
func NewLive(server *Server, seed uint64) *Live {
	random := simlive.Random(seed)
	return &Live{server: server, random: random, outages: simups.NewOutages(random), bodies: map[string]*body{}}
}

// Run makes a step at once and then every so often, until ctx ends.
func (l *Live) Run(ctx context.Context, every time.Duration) {
	simlive.Run(ctx, every, l.Step)
}

// Step brings every device to the given time. The first step only sets the
// clock.
func (l *Live) Step(now time.Time) {
	l.clock.Step(now)
	names := l.server.Names()
	l.meet(names)
	victim := l.bodies[l.outages.Victim]
	l.outages.Step(l.clock.Now, victim != nil && victim.battery.Empty(), l.able(names))
	for _, name := range names {
		b := l.bodies[name]
		if b == nil {
			continue
		}
		b.step(l.random, l.clock.Elapsed, name == l.outages.Victim)
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
	if !present[l.outages.Victim] {
		l.outages.Victim = ""
	}
}

// able lists the UPSes that can bear an outage.
func (l *Live) able(names []string) (able []string) {
	for _, name := range names {
		if b := l.bodies[name]; b != nil && b.battery.Ready() {
			able = append(able, name)
		}
	}
	return able
}
