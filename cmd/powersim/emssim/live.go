package emssim

import (
	"context"
	"iter"
	"math"
	"strconv"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// silence is how much older than the newest value one must be for its meter to
// have stopped.
const silence = time.Hour

// Refresh makes the values those of the given time, as an EMS does whose meters
// are read, and changes nothing else about them. A value that is more than an
// hour older than the newest stays as old as it is: its meter is silent.
func (s *EMS) Refresh(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.model.reporting() {
		s.model.Realtime[i].T = now.UnixMilli()
	}
}

// reporting gives the index of each value whose meter is not silent.
func (m *Model) reporting() iter.Seq[int] {
	oldest := m.newest() - silence.Milliseconds()
	return func(yield func(int) bool) {
		for i, v := range m.Realtime {
			if v.T >= oldest && !yield(i) {
				return
			}
		}
	}
}

// Live lets an EMS live: what the loads draw, the voltages and the frequency
// drift about what was recorded, energies grow with the power, and the times of
// the values advance. Voltages of one line are one another's, currents fit
// voltages and powers. A power that is negative, which is fed in, stays so. Values
// of an si that Quantities does not know, and those that are null, stay as they
// are; so do values of a silent meter (see Refresh), and their times.
//
// The same seed and the same times give the same life. A Live is used by one
// goroutine at a time.
type Live struct {
	ems        *EMS
	clock      simlive.Clock
	quantities map[int]Quantity

	bases  map[int]float64    // what was recorded, by uid of the signal
	walks  *simlive.Walks     // by what drifts
	energy map[string]float64 // kWh since the first step, by load and direction
}

// NewLive prepares the life of an EMS; it stands still until Run or Step. The
// values as they are when first met are what they drift about.
func NewLive(ems *EMS, seed uint64) *Live {
	l := &Live{
		ems:        ems,
		quantities: map[int]Quantity{},
		bases:      map[int]float64{},
		walks:      simlive.NewWalks(simlive.Random(seed)),
		energy:     map[string]float64{},
	}
	for _, q := range Quantities() {
		l.quantities[q.SI] = q
	}
	return l
}

// Run makes a step at once and then every so often, until ctx ends.
func (l *Live) Run(ctx context.Context, every time.Duration) {
	simlive.Run(ctx, every, l.Step)
}

// Step brings the EMS to the given time. The first step only sets the clock.
func (l *Live) Step(now time.Time) {
	l.clock.Step(now)
	l.walks.Step(l.clock.Elapsed)
	s := l.ems
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &s.model
	loadOf := make(map[int]int, len(m.Signals))
	for _, signal := range m.Signals {
		loadOf[signal.UID] = signal.LID
	}
	// The power comes first, since energies follow from it.
	for i := range m.reporting() {
		if v := &m.Realtime[i]; l.quantities[v.SI].isPower() {
			l.value(v, loadOf[v.UID])
		}
	}
	for i := range m.reporting() {
		v := &m.Realtime[i]
		if !l.quantities[v.SI].isPower() {
			l.value(v, loadOf[v.UID])
		}
	}
	for i := range m.reporting() {
		m.Realtime[i].T = l.clock.Now.UnixMilli()
	}
}

// isPower says whether energies follow from a quantity: the power of a whole
// load.
func (q Quantity) isPower() bool { return q.Name == "active_power" && q.Line == "" }

// value gives one value of a load what it is now.
func (l *Live) value(v *Value, load int) {
	q, known := l.quantities[v.SI]
	if v.V == nil || !known {
		return
	}
	base, met := l.bases[v.UID]
	if !met {
		base = *v.V
		l.bases[v.UID] = base
	}
	name := strconv.Itoa(load)
	drawn := 1 + l.swing("load "+name, 5*time.Minute, 0.12)
	mains := func() float64 { return 1 + l.swing("mains "+q.Line, 2*time.Minute, 0.006) }
	switch q.Name {
	case "voltage":
		*v.V = round(base*mains(), 1)
	case "current":
		// The power is what a load wants, whatever the voltage is.
		*v.V = round(base*drawn/mains(), 2)
	case "active_power":
		*v.V = round(base*drawn, 1)
		if q.isPower() {
			l.energy[name+" energy"] += max(0, *v.V) / 1000 * l.clock.Elapsed.Hours()
			l.energy[name+" exported_energy"] += max(0, -*v.V) / 1000 * l.clock.Elapsed.Hours()
		}
	case "apparent_power":
		*v.V = round(base*drawn, 1)
	case "frequency":
		*v.V = round(base+l.swing("frequency", 30*time.Second, 0.02), 2)
	case "energy", "exported_energy":
		*v.V = round(base+l.energy[name+" "+q.Name], 3)
	}
}

// swing is a number about 0 that strays by so much, the same all through a
// step.
func (l *Live) swing(name string, memory time.Duration, by float64) float64 {
	return by * l.walks.At(name, memory)
}

// round is a number with so many decimals.
func round(value float64, decimals int) float64 {
	unit := math.Pow10(decimals)
	return math.Round(value*unit) / unit
}
