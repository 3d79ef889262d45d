package nutsim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// haste is how much faster than its runtime says a battery empties: at
	// the true pace a minute on battery would hardly be seen.
	haste = 5
	// filling is how long an empty battery takes to fill, in the same haste.
	filling = 40 * time.Minute
)

// battery is the life of a UPS's battery. One that was recorded without its
// charge, or not on mains, is left alone.
type battery struct {
	recorded map[string]string
	alive    bool
	full     float64 // percent, as recorded
	low      float64 // percent, where LB begins
	runtime  float64 // seconds at the recorded charge and load
	charge   float64 // percent now
	outage   bool
}

// newBattery begins with the battery as it is.
func newBattery(u UPS) battery {
	b := battery{recorded: u.Variables}
	full, err := strconv.ParseFloat(u.Variables["battery.charge"], 64)
	if err != nil || full <= 0 || !slices.Contains(strings.Fields(u.Variables["ups.status"]), "OL") {
		return b
	}
	b.alive, b.full, b.charge, b.low = true, full, full, 20
	if low, err := strconv.ParseFloat(u.Variables["battery.charge.low"], 64); err == nil {
		b.low = low
	}
	b.runtime = 1800
	if runtime, err := strconv.ParseFloat(u.Variables["battery.runtime"], 64); err == nil && runtime > 0 {
		b.runtime = runtime
	}
	return b
}

// ready says whether the UPS can bear an outage.
func (b *battery) ready() bool { return b.alive && b.charge >= b.full/2 }

// step lets time pass; load is how many times the recorded one it is.
func (b *battery) step(elapsed time.Duration, outage bool, load float64) {
	if !b.alive {
		return
	}
	b.outage = outage
	if outage {
		b.charge -= haste * load * b.full * elapsed.Seconds() / b.runtime
	} else {
		b.charge += 100 * elapsed.Seconds() / filling.Seconds()
	}
	b.charge = max(0, min(b.charge, b.full))
}

// show writes the battery's variables and the UPS's status.
func (b *battery) show(set func(name, value string), load float64) {
	if !b.alive {
		return
	}
	set("ups.status", b.status())
	b.number(set, "battery.charge", b.charge)
	b.number(set, "battery.runtime", b.runtime*b.charge/b.full/load)
	state := "charging"
	switch {
	case b.outage:
		state = "discharging"
	case b.charge >= b.full:
		state = b.recorded["battery.charger.status"]
	}
	if b.recorded["battery.charger.status"] != "" {
		set("battery.charger.status", state)
	}
	b.showVoltage(set, load)
}

// showVoltage writes the battery's voltage and current. A battery that feeds
// a load has less than one that is being charged.
func (b *battery) showVoltage(set func(name, value string), load float64) {
	volts, err := strconv.ParseFloat(b.recorded["battery.voltage"], 64)
	if err != nil {
		return
	}
	if b.outage {
		volts *= 0.84 + 0.1*b.charge/100
	}
	b.number(set, "battery.voltage", volts)
	watts, err := strconv.ParseFloat(b.recorded["ups.realpower"], 64)
	if err != nil {
		return
	}
	for _, name := range []string{"battery.current", "battery.current.total"} {
		if b.outage {
			b.number(set, name, -watts*load/volts/0.95)
		} else if b.recorded[name] != "" {
			set(name, b.recorded[name])
		}
	}
}

// status is the words of ups.status: those that were recorded, but for what
// an outage changes.
func (b *battery) status() string {
	var others []string
	for word := range strings.FieldsSeq(b.recorded["ups.status"]) {
		if !slices.Contains([]string{"OL", "OB", "LB", "CHRG", "DISCHRG", "BOOST", "TRIM"}, word) {
			others = append(others, word)
		}
	}
	var words []string
	switch {
	case b.outage && b.charge <= b.low:
		words = []string{"OB", "DISCHRG", "LB"}
	case b.outage:
		words = []string{"OB", "DISCHRG"}
	case b.charge < b.full:
		words = []string{"OL", "CHRG"}
	default:
		return b.recorded["ups.status"]
	}
	return strings.Join(append(words, others...), " ")
}

// number writes a variable that was recorded as a number, in the style of it.
func (b *battery) number(set func(name, value string), name string, value float64) {
	recorded := b.recorded[name]
	if _, err := strconv.ParseFloat(recorded, 64); err == nil {
		set(name, restyle(recorded, value))
	}
}
