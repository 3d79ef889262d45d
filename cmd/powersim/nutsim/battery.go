package nutsim

import (
	"strconv"

	"power_exporter/cmd/powersim/simups"
)

// battery is the life of a UPS's battery. One that was recorded without its
// charge, or not on mains, is left alone.
type battery struct {
	simups.Battery
	recorded map[string]string
}

// newBattery begins with the battery as it is.
func newBattery(u UPS) battery {
	b := battery{recorded: u.Variables}
	full, err := strconv.ParseFloat(u.Variables["battery.charge"], 64)
	if err != nil {
		return b
	}
	b.Battery = simups.Battery{
		Status: u.Variables["ups.status"], Full: full, Charge: full, Low: simups.DefaultLow, Runtime: simups.DefaultRuntime,
	}
	if low, err := strconv.ParseFloat(u.Variables["battery.charge.low"], 64); err == nil {
		b.Low = low
	}
	if runtime, err := strconv.ParseFloat(u.Variables["battery.runtime"], 64); err == nil && runtime > 0 {
		b.Runtime = runtime
	}
	return b
}

// show writes the battery's variables and the UPS's status; load is how many
// times the recorded one it is.
func (b *battery) show(set func(name, value string), load float64) {
	if !b.Lives() {
		return
	}
	set("ups.status", b.Words())
	b.number(set, "battery.charge", b.Charge)
	b.number(set, "battery.runtime", b.Seconds(load))
	state := "charging"
	switch {
	case b.Outage:
		state = "discharging"
	case b.Charge >= b.Full:
		state = b.recorded["battery.charger.status"]
	}
	if b.recorded["battery.charger.status"] != "" {
		set("battery.charger.status", state)
	}
	b.showVoltage(set, load)
}

// showVoltage writes the battery's voltage and current.
func (b *battery) showVoltage(set func(name, value string), load float64) {
	recorded, err := strconv.ParseFloat(b.recorded["battery.voltage"], 64)
	if err != nil {
		return
	}
	volts := b.Volts(recorded)
	b.number(set, "battery.voltage", volts)
	watts, err := strconv.ParseFloat(b.recorded["ups.realpower"], 64)
	if err != nil {
		return
	}
	for _, name := range []string{"battery.current", "battery.current.total"} {
		if b.Outage {
			b.number(set, name, -watts*load/volts/0.95)
		} else if b.recorded[name] != "" {
			set(name, b.recorded[name])
		}
	}
}

// number writes a variable that was recorded as a number, in the style of it.
func (b *battery) number(set func(name, value string), name string, value float64) {
	recorded := b.recorded[name]
	if _, err := strconv.ParseFloat(recorded, 64); err == nil {
		set(name, simups.Restyle(recorded, value))
	}
}
