package cloudtraxsim

import (
	"context"
	"math/rand/v2"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// CheckinPeriod is the time from one check-in of a strip to its next.
const CheckinPeriod = 5 * time.Minute

// memory is how much of a drift is left from one check-in to the next.
const memory = 0.7

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
	voltage       simlive.Walk
	ports         []portLife
}

// portLife is that of one port.
type portLife struct {
	watts, factor     float64 // at first
	power, efficiency simlive.Walk
}

// NewLive prepares the life of a cloud; it stands still until Run or Step.
func NewLive(cloud *Cloud, seed uint64) *Live {
	return &Live{
		cloud:  cloud,
		random: simlive.Random(seed),
		lives:  map[int64]*life{},
	}
}

// Run makes a step at once and then every so often, by the cloud's clock, until
// ctx ends.
func (l *Live) Run(ctx context.Context, every time.Duration) {
	simlive.Run(ctx, every, func(time.Time) { l.Step(l.cloud.now()) })
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
	l.voltage.Keep(random, memory)
	volts := l.volts * (1 + 0.008*l.voltage.At())
	s.Voltage = round(volts, 0)
	for i := range min(len(s.Ports), len(l.ports)) {
		p := &l.ports[i]
		p.power.Keep(random, memory)
		p.efficiency.Keep(random, memory)
		watts := p.watts * (1 + 0.12*p.power.At())
		s.Ports[i].draw(volts, watts, min(p.factor*(1+0.01*p.efficiency.At()), 1))
	}
	s.count()
}
