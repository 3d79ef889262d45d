package powerpulsesim

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// How often the mains fail for one of the UPSes, and for how long.
const (
	shortCalm, longCalm     = 3 * time.Minute, 6 * time.Minute
	shortOutage, longOutage = 45 * time.Second, 2 * time.Minute
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
	server *Server
	random *rand.Rand
	last   time.Time
	change time.Time // when the outage begins or ends next
	victim string    // the id of the UPS without mains, or ""
	lives  map[string]*life
}

// NewLive prepares the life of a server's UPSes; they stand still until Run or
// Step. The UPSes as they are when first met are what they drift about.
func NewLive(server *Server, seed uint64) *Live {
	return &Live{
		server: server,
		random: rand.New(rand.NewPCG(seed, seed)), //nolint:gosec // a demo must repeat itself, nobody guesses it
		lives:  map[string]*life{},
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

// Step brings every UPS to the given time. The first step only sets the clock.
func (l *Live) Step(now time.Time) {
	if l.last.IsZero() {
		l.last = now
		l.change = now.Add(l.between(shortCalm, longCalm))
	}
	// A tick may be older than the step that Run makes at once.
	elapsed := max(0, now.Sub(l.last))
	l.last = l.last.Add(elapsed)
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
	if !now.Before(l.change) || l.victim != "" && l.lives[l.victim].empty() {
		l.switchMains(now, ids)
	}
	for i := range l.server.systems {
		o := &l.server.systems[i]
		id := string(o.get("id"))
		if slices.Contains(ids, id) {
			l.lives[id].step(l.random, elapsed, id == l.victim)
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
	if l.lives[l.victim] == nil {
		l.victim = ""
	}
}

// switchMains ends an outage, or begins one for a UPS that can bear it.
func (l *Live) switchMains(now time.Time, ids []string) {
	var able []string
	for _, id := range ids {
		if l.lives[id].ready() {
			able = append(able, id)
		}
	}
	if l.victim != "" || len(able) == 0 {
		l.victim = ""
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
