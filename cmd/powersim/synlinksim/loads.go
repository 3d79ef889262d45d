package synlinksim

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// load is what something draws now, and when it was first met, in amperes.
type load struct{ now, recorded float64 }

// circuit is a bank at one moment: how many times what was recorded its
// readings are, and the readings that add up.
type circuit struct {
	inlet                    string
	lines                    string
	voltage, factor          float64 // relative
	current, apparent, power load    // absolute
}

// metered lists what a surge can be at: the outlets that draw anything, or the
// banks where none is metered.
func (l *Live) metered() []string {
	for _, reply := range []string{"outlets", "banks"} {
		var ids []string
		for _, o := range objects(l.pdu.replies[reply]) {
			if o.number("currentRms") > 0 {
				ids = append(ids, o.text("id"))
			}
		}
		if len(ids) > 0 {
			return ids
		}
	}
	return nil
}

// outlets gives each outlet its current, and tells it by id.
func (l *Live) outlets() map[string]load {
	loads := map[string]load{}
	for _, o := range objects(l.pdu.replies["outlets"]) {
		if !o.has("currentRms") {
			continue
		}
		id := o.text("id")
		recorded := l.base("outlet "+id, o, "currentRms")
		now := recorded * l.drift("outlet "+id, 5*time.Minute, 0.12) * l.surge.at(id)
		if strings.EqualFold(o.text("state"), "OFF") {
			now = 0
		}
		// The sums are those of what is shown.
		now = round(now, 3)
		l.set(o, "currentRms", now, 3)
		loads[id] = load{now, recorded}
	}
	return loads
}

// banks gives each bank its readings, and tells them by id.
func (l *Live) banks(outlets map[string]load) map[string]circuit {
	circuits := map[string]circuit{}
	for _, b := range objects(l.pdu.replies["banks"]) {
		id := b.text("id")
		name := "bank " + id
		c := circuit{
			inlet:   b.text("inletId"),
			lines:   b.text("bankLines"),
			voltage: l.drift("mains "+b.text("inletId")+" "+b.text("bankLines"), 2*time.Minute, 0.006),
			factor:  l.drift("factor "+id, 10*time.Minute, 0.008),
		}
		recorded := l.base(name, b, "powerFactor")
		if recorded != 0 {
			c.factor = min(c.factor, 1/math.Abs(recorded))
		}
		relative := l.bankLoad(id, outlets)
		scale := func(key string, by float64) load {
			was := l.base(name, b, key)
			return load{was * by, was}
		}
		c.current = scale("currentRms", relative)
		c.apparent = scale("apparentPower", relative*c.voltage)
		c.power = scale("activePower", relative*c.voltage*c.factor)
		grown := max(0, c.power.now) * l.clock.Elapsed.Hours() / 1000
		l.energy[id] += grown
		l.energy[""] += grown
		l.set(b, "currentRms", c.current.now, 3)
		l.set(b, "voltageRms", l.base(name, b, "voltageRms")*c.voltage, 1)
		l.set(b, "lineFrequency", l.frequency(l.base(name, b, "lineFrequency")), 3)
		l.set(b, "powerFactor", recorded*c.factor, 3)
		l.set(b, "activePower", c.power.now, 2)
		l.set(b, "apparentPower", c.apparent.now, 2)
		l.grow(b, name, "energyAccumulation", id)
		circuits[id] = c
	}
	return circuits
}

// bankLoad is how many times what was recorded a bank draws: as its outlets do
// together, or as it likes where they are not metered.
func (l *Live) bankLoad(id string, outlets map[string]load) float64 {
	var sum load
	for _, o := range objects(l.pdu.replies["outlets"]) {
		if o.text("bankId") == id {
			one := outlets[o.text("id")]
			sum.now += one.now
			sum.recorded += one.recorded
		}
	}
	if sum.recorded > 0 {
		return sum.now / sum.recorded
	}
	return l.drift("bank "+id, 5*time.Minute, 0.08) * l.surge.at(id)
}

// circuits gives each outlet the voltage of its bank.
func (l *Live) circuits(banks map[string]circuit) {
	for _, o := range objects(l.pdu.replies["outlets"]) {
		if c, ok := banks[o.text("bankId")]; ok {
			l.set(o, "circuitVoltage", l.base("outlet "+o.text("id"), o, "circuitVoltage")*c.voltage, 1)
		}
	}
}

// groups gives the outlets in groups what they have elsewhere, and their
// power.
func (l *Live) groups(outlets map[string]load, banks map[string]circuit) {
	for _, group := range objects(l.pdu.replies["groups"]) {
		for _, o := range objects(group.get("outlets")) {
			name := "member " + o.text("id")
			watts := l.base(name, o, "watts")
			now, metered := outlets[o.text("id")]
			c, known := banks[o.text("bankId")]
			if !metered || !known {
				continue
			}
			l.set(o, "currentRms", now.now, 3)
			if now.recorded > 0 {
				l.set(o, "watts", watts*now.now/now.recorded*c.voltage*c.factor, 2)
			}
		}
	}
}

// sensors gives each thermometer and hygrometer its reading.
func (l *Live) sensors() {
	for _, s := range objects(l.pdu.replies["sensors"]) {
		name := "sensor " + s.text("sensorPort")
		if s.has("sensorTempInC") {
			celsius := l.base(name, s, "sensorTempInC") + l.swing(name+" warmth", 20*time.Minute, 1.2)
			l.set(s, "sensorTempInC", celsius, 4)
			l.set(s, "sensorTempInF", 1.8*celsius+32, 4)
		}
		if s.has("sensorHumidity") {
			humidity := l.base(name, s, "sensorHumidity") + l.swing(name+" damp", 30*time.Minute, 3)
			l.set(s, "sensorHumidity", min(max(0, humidity), 100), 4)
		}
	}
}

// frequency is the mains' now, 0 where there are no mains.
func (l *Live) frequency(recorded float64) float64 {
	if recorded == 0 {
		return 0
	}
	return recorded + l.swing("frequency", 30*time.Second, 0.02)
}

// grow gives an energy its value: what was recorded and what came since.
func (l *Live) grow(o *object, name, key, bank string) {
	l.set(o, key, l.base(name, o, key)+l.energy[bank], 2)
}

// base is the value of a member when it was first met.
func (l *Live) base(name string, o *object, key string) float64 {
	name += "/" + key
	value, ok := l.bases[name]
	if !ok && o.has(key) {
		value = o.number(key)
		l.bases[name] = value
	}
	return value
}

// drift is a factor about 1 that strays by so much.
func (l *Live) drift(name string, memory time.Duration, by float64) float64 {
	return 1 + l.swing(name, memory, by)
}

// swing is a number about 0 that strays by so much, the same all through a
// step.
func (l *Live) swing(name string, memory time.Duration, by float64) float64 {
	return by * l.walks.At(name, memory)
}

// set writes a reading with so many decimals, if the member is there. The
// device measures in 32 bits and prints them as 64.
func (l *Live) set(o *object, key string, value float64, decimals int) {
	if !o.has(key) {
		return
	}
	text := strconv.FormatFloat(round(value, decimals), 'f', -1, 64)
	if decimals > 0 {
		text = strconv.FormatFloat(float64(float32(round(value, decimals))), 'f', -1, 64)
	}
	o.set(key, json.Number(text))
}

// round is a number with so many decimals.
func round(value float64, decimals int) float64 {
	unit := math.Pow10(decimals)
	return math.Round(value*unit) / unit
}
