package nutsim

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"power_exporter/cmd/powersim/simlive"
	"power_exporter/cmd/powersim/simups"
)

// body is the life of one device: what was recorded, and how far it has
// drifted from there.
type body struct {
	moving   []moving
	statuses []string // input voltage statuses, which tell of an outage
	loads    []part
	battery  battery
	age      time.Duration
	outage   bool

	mains, inverter, frequency, warmth, damp simlive.Walk
}

// moving is one variable that changes.
type moving struct {
	name     string
	recorded string
	base     float64
	follows  follows
	scope    string // of a load: whose it is
}

// follows is what a variable changes with.
type follows int

const (
	followsNothing follows = iota
	followsLoad
	followsMains
	followsInverter
	followsFrequency
	followsWarmth
	followsDamp
	followsAge
)

// newBody begins the life of a device as it is.
func newBody(u UPS) *body {
	b := &body{loads: parts(u), battery: newBattery(u)}
	for name, value := range u.Variables {
		if strings.HasPrefix(name, "input.") && strings.HasSuffix(name, ".voltage.status") && value == "good" ||
			name == "input.voltage.status" && value == "good" {
			b.statuses = append(b.statuses, name)
		}
		base, err := strconv.ParseFloat(value, 64)
		if err != nil {
			continue
		}
		if f := whatFollows(name); f != followsNothing {
			b.moving = append(b.moving, moving{name: name, recorded: value, base: base, follows: f, scope: scope(name)})
		}
	}
	slices.SortFunc(b.moving, func(x, y moving) int { return cmp.Compare(x.name, y.name) })
	slices.Sort(b.statuses)
	return b
}

// whatFollows tells by a variable's name what it changes with.
func whatFollows(name string) follows {
	domain, _, _ := strings.Cut(name, ".")
	spec := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case name == "device.uptime":
		return followsAge
	case domain == "battery" && spec != "temperature":
		return followsNothing // the battery's own affair
	case spec == "current" || spec == "power" || spec == "realpower" || spec == "load" ||
		strings.HasSuffix(name, ".power.percent") || strings.HasSuffix(name, ".current.peak"):
		return followsLoad
	case spec == "voltage" && domain == "output":
		return followsInverter
	case spec == "voltage":
		return followsMains
	case spec == "frequency" && domain == "input":
		return followsFrequency
	case spec == "temperature":
		return followsWarmth
	case spec == "humidity":
		return followsDamp
	}
	return followsNothing
}

// step lets time pass, with mains or without.
func (b *body) step(random *rand.Rand, elapsed time.Duration, outage bool) {
	b.age += elapsed
	b.outage = outage
	b.mains.Step(random, elapsed, 2*time.Minute)
	b.inverter.Step(random, elapsed, time.Minute)
	b.frequency.Step(random, elapsed, 30*time.Second)
	b.warmth.Step(random, elapsed, 20*time.Minute)
	b.damp.Step(random, elapsed, 30*time.Minute)
	for i := range b.loads {
		b.loads[i].drift.Step(random, elapsed, 5*time.Minute)
	}
	b.battery.Step(elapsed, outage, factors(b.loads)[""])
}

// show writes the variables that moved.
func (b *body) show(set func(name, value string)) {
	loads := factors(b.loads)
	for _, m := range b.moving {
		value := b.value(m, loads)
		set(m.name, simups.Restyle(m.recorded, value))
	}
	status := "good"
	if b.outage {
		status = "critical-low"
	}
	for _, name := range b.statuses {
		set(name, status)
	}
	b.battery.show(set, loads[""])
}

// value is what a variable is worth now.
func (b *body) value(m moving, loads map[string]float64) float64 {
	if b.outage && strings.HasPrefix(m.name, "input.") {
		return 0
	}
	switch m.follows {
	case followsLoad:
		factor, ok := loads[m.scope]
		if !ok {
			factor = loads[""]
		}
		return m.base * factor
	case followsMains:
		return m.base * (1 + 0.008*b.mains.At())
	case followsInverter:
		return m.base * (1 + 0.001*b.inverter.At())
	case followsFrequency:
		return m.base + 0.03*b.frequency.At()
	case followsWarmth:
		return m.base + 1.2*b.warmth.At()
	case followsDamp:
		return m.base + 3*b.damp.At()
	case followsAge:
		return m.base + b.age.Seconds()
	default:
		return m.base
	}
}
