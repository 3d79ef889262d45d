package cloudtraxsim

import (
	"context"
	"math"
	"math/rand/v2"
	"time"
)

// CheckinPeriod is the time from one check-in of a strip to its next.
const CheckinPeriod = 5 * time.Minute

// Live lets the strips of a cloud that are up check in every five minutes, each
// at its own moment. Only then does the cloud learn anything: in the document's
// samples the uptime is that of the last check-in. At each, voltages, powers and
// power factors drift about what they were at first, currents follow, and the
// uptime is so much more. A strip that is down stays so.
//
// The same seed and the same times give the same life. A Live is used by one
// goroutine at a time.
type Live struct {
	cloud  *Cloud
	random *rand.Rand
	lives  map[int64]*life
}

// life is that of one strip.
type life struct {
	first, next   time.Time // check-ins
	volts, uptime float64   // at first
	voltage       walk
	ports         []portLife
}

// portLife is that of one port.
type portLife struct {
	watts, factor     float64 // at first
	power, efficiency walk
}

// walk is a random walk that is drawn back to 0. It is as often within ±1 as a
// normal distribution is, and never beyond ±2.5.
type walk float64

// NewLive prepares the life of a cloud; it stands still until Run or Step.
func NewLive(cloud *Cloud, seed uint64) *Live {
	return &Live{
		cloud:  cloud,
		random: rand.New(rand.NewPCG(seed, seed)), //nolint:gosec // a demo must repeat itself, nobody guesses it
		lives:  map[int64]*life{},
	}
}

// Run makes a step at once and then every so often, by the cloud's clock, until
// ctx ends.
func (l *Live) Run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		l.Step(l.cloud.now())
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Step makes the check-ins that are due at the given time by the cloud's clock.
// At the first step every strip that is up has checked in within the last five
// minutes.
func (l *Live) Step(now time.Time) {
	c := l.cloud
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.networks {
		for i := range n.Strips {
			s := &n.Strips[i]
			if s.CloudStatus != "up" {
				continue
			}
			own := l.lives[s.ID]
			if own == nil {
				own = l.begin(s, now)
				l.lives[s.ID] = own
			}
			for ; !now.Before(own.next); own.next = own.next.Add(CheckinPeriod) {
				own.checkin(s, l.random)
			}
		}
	}
}

// begin meets a strip, whose first check-in is due.
func (l *Live) begin(s *Strip, now time.Time) *life {
	ago := time.Duration(l.random.Int64N(int64(CheckinPeriod))).Truncate(time.Millisecond)
	own := &life{first: now.Add(-ago), volts: s.Voltage, uptime: float64(s.Uptime)}
	own.next = own.first
	for _, p := range s.Ports {
		own.ports = append(own.ports, portLife{watts: p.ActivePower, factor: p.PowerFactor})
	}
	return own
}

// checkin tells the cloud how the strip is at the check-in that is due.
func (l *life) checkin(s *Strip, random *rand.Rand) {
	s.Listed = nil
	s.LastCheckin = l.next.UTC().Format("2006-01-02T15:04:05.999Z")
	s.Uptime = int64(l.uptime + l.next.Sub(l.first).Seconds())
	volts := l.volts * (1 + 0.008*l.voltage.step(random))
	s.Voltage = round(volts, 0)
	for i := range min(len(s.Ports), len(l.ports)) {
		p := &l.ports[i]
		watts := p.watts * (1 + 0.12*p.power.step(random))
		s.Ports[i].draw(volts, watts, min(p.factor*(1+0.01*p.efficiency.step(random)), 1))
	}
	s.count()
}

// step walks on, with a memory of a few check-ins.
func (w *walk) step(random *rand.Rand) float64 {
	const keep = 0.7
	at := float64(*w)*keep + math.Sqrt(1-keep*keep)*random.NormFloat64()
	*w = walk(max(-2.5, min(at, 2.5)))
	return float64(*w)
}
