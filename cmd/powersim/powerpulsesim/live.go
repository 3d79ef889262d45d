package powerpulsesim

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"power_exporter/cmd/powersim/simlive"
	"power_exporter/cmd/powersim/simups"
)

// Live lets the UPSes of a server live: loads, voltages and temperatures drift
// about what was recorded, the runtime follows the charge and the load, and
// every few minutes one UPS goes on battery and comes back. A quantity has its
// value everywhere where it is shown; of rawVariables those change that are
// shown elsewhere, too, and the power. It changes only what is there and not 0,
// and no UPS that is Unknown or in Error; what is set by hand among the rest is
// overwritten.
//
// The same seed and the same times give the same life. A Live is used by one
// goroutine at a time.
type Live struct {
	server  *Server
	random  *rand.Rand
	clock   simlive.Clock
	outages *simups.Outages // by the ids of the UPSes
	lives   map[string]*life
}

// NewLive prepares the life of a server's UPSes; they stand still until Run or
// Step. The UPSes as they are when first met are what they drift about.
func NewLive(server *Server, seed uint64) *Live {
	random := simlive.Random(seed)
	return &Live{server: server, random: random, outages: simups.NewOutages(random), lives: map[string]*life{}}
}

// Run makes a step at once and then every so often, until ctx ends.
func (l *Live) Run(ctx context.Context, every time.Duration) {
	simlive.Run(ctx, every, l.Step)
}

// Step brings every UPS to the given time. The first step only sets the clock.
func (l *Live) Step(now time.Time) {
	l.clock.Step(now)
	l.server.mu.Lock()
	defer l.server.mu.Unlock()
	var ids []string
	for _, o := range l.server.systems {
		id := string(o.get("id"))
		if known := o.text("status"); known == "" || known == "Unknown" || known == "Error" {
			continue
		}
		ids = append(ids, id)
		if l.lives[id] == nil {
			l.lives[id] = newLife(o.clone())
		}
	}
	l.forget(ids)
	victim := l.lives[l.outages.Victim]
	l.outages.Step(l.clock.Now, victim != nil && victim.battery.Empty(), l.able(ids))
	for i := range l.server.systems {
		o := &l.server.systems[i]
		id := string(o.get("id"))
		if slices.Contains(ids, id) {
			l.lives[id].step(l.random, l.clock.Elapsed, id == l.outages.Victim)
			l.lives[id].show(o)
		}
	}
}

// forget takes note of the UPSes that are no more, or are down.
func (l *Live) forget(ids []string) {
	for id := range l.lives {
		if !slices.Contains(ids, id) {
			delete(l.lives, id)
		}
	}
	if l.lives[l.outages.Victim] == nil {
		l.outages.Victim = ""
	}
}

// able lists the UPSes that can bear an outage.
func (l *Live) able(ids []string) (able []string) {
	for _, id := range ids {
		if l.lives[id].battery.Ready() {
			able = append(able, id)
		}
	}
	return able
}
