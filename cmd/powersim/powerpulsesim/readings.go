package powerpulsesim

import (
	"encoding/json"
	"math"
	"strconv"

	"power_exporter/cmd/powersim/simups"
)

// reading is a quantity that changes: the NUT variable, and the members that
// the program makes of it.
type reading struct {
	variable string
	decimals int
	places   []string
}

// readingOf is the reading of a variable; one that the program makes nothing of
// is in rawVariables alone.
func readingOf(variable string) reading {
	switch variable {
	case "ups.load":
		return reading{variable, 0, []string{"load", "upsDetails/load"}}
	case "ups.temperature":
		return reading{variable, 1, []string{"temperature", "upsDetails/temperature"}}
	case "input.voltage":
		return reading{variable, 1, []string{"inputVoltage", "inputDetails/voltage"}}
	case "output.voltage":
		return reading{variable, 1, []string{"outputVoltage", "outputDetails/voltage"}}
	case "battery.charge":
		return reading{variable, 0, []string{"batteryCharge", "batteryDetails/charge"}}
	case "battery.runtime":
		return reading{variable, 0, []string{"batteryDetails/runtime"}}
	case "battery.voltage":
		return reading{variable, 1, []string{"batteryVoltage", "batteryDetails/voltage"}}
	}
	return reading{variable: variable}
}

// recorded is the value in an object: NUT's own where there is one.
func (r reading) recorded(o object) float64 {
	for _, place := range append([]string{"rawVariables/" + r.variable}, r.places...) {
		if v := o.number(place); v != 0 {
			return v
		}
	}
	return 0
}

// write gives a reading its value, wherever it is in the object. What was 0
// when it was recorded is not reported, and stays so.
func (r reading) write(o *object, recorded object, value float64) {
	raw := "rawVariables/" + r.variable
	if recorded.number(raw) != 0 {
		o.set(raw, quoted(simups.Restyle(recorded.text(raw), value)))
		value = o.number(raw) // which the program rounds once more
	}
	for _, place := range r.places {
		if recorded.number(place) != 0 {
			o.set(place, number(value, r.decimals))
		}
	}
}

// show writes what has changed.
func (b *life) show(o *object) {
	write := func(variable string, value func(recorded float64) float64) {
		r := readingOf(variable)
		r.write(o, b.recorded, value(r.recorded(b.recorded)))
	}
	for _, variable := range []string{"ups.load", "ups.power", "ups.realpower"} {
		write(variable, func(recorded float64) float64 { return recorded * b.factor() })
	}
	write("ups.temperature", func(recorded float64) float64 { return recorded + 1.2*b.warmth.At() })
	write("output.voltage", func(recorded float64) float64 { return recorded * (1 + 0.001*b.inverter.At()) })
	write("input.voltage", func(recorded float64) float64 {
		if b.battery.Outage {
			return 0
		}
		return recorded * (1 + 0.008*b.mains.At())
	})
	if !b.battery.Lives() {
		return
	}
	write("battery.charge", func(float64) float64 { return b.battery.Charge })
	write("battery.voltage", b.battery.Volts)
	seconds := math.Round(b.battery.Seconds(b.factor()))
	write("battery.runtime", func(float64) float64 { return seconds })
	if b.recorded.number("runtimeRemaining") != 0 {
		o.set("runtimeRemaining", number(seconds/60, 0))
	}
	b.showStatus(o)
}

// showStatus writes the status, in NUT's words and in the program's.
func (b *life) showStatus(o *object) {
	words := b.battery.Words()
	for _, place := range []string{"upsDetails/status", "rawVariables/ups.status"} {
		if b.recorded.get(place) != nil {
			o.set(place, quoted(words))
		}
	}
	o.set("status", quoted(statusWord(words)))
}

// number is a JSON number with so many decimals at most.
func number(value float64, decimals int) json.RawMessage {
	unit := math.Pow10(decimals)
	return json.RawMessage(strconv.FormatFloat(math.Round(value*unit)/unit, 'f', -1, 64))
}
