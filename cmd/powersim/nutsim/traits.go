package nutsim

import (
	"slices"
	"strings"
)

// playedTrait is what dummy-ups 2.8.0 declares of a variable in its file. It
// calls nearly everything a string of 32, whatever the value: GET TYPE says
// nothing about what can be parsed.
func playedTrait(name string) Trait {
	switch {
	case strings.HasPrefix(name, "driver."):
		return Trait{}
	case slices.Contains(playedNumbers(), name):
		return Trait{Writable: true}
	}
	switch name {
	case "input.sensitivity", "input.transfer.reason":
		return Trait{Writable: true, MaxLength: 1}
	case "input.quality":
		return Trait{Writable: true, MaxLength: 6}
	case "ups.date", "ups.firmware", "ups.firmware.aux", "ups.id", "ups.mfr.date", "ups.test.result", "ups.time":
		return Trait{Writable: true, MaxLength: 16}
	}
	return Trait{Writable: true, MaxLength: 32}
}

// playedNumbers lists what dummy-ups calls a number, in order.
func playedNumbers() []string {
	return []string{
		"ambient.humidity", "ambient.humidity.alarm", "ambient.humidity.high", "ambient.humidity.low",
		"ambient.temperature", "ambient.temperature.alarm", "ambient.temperature.high", "ambient.temperature.low",
		"battery.charge", "battery.charge.low", "battery.charge.restart", "battery.current", "battery.runtime",
		"battery.runtime.low", "battery.temperature", "battery.voltage", "battery.voltage.nominal",
		"input.frequency", "input.transfer.boost.high", "input.transfer.boost.low", "input.transfer.high",
		"input.transfer.low", "input.transfer.trim.high", "input.transfer.trim.low", "input.voltage",
		"input.voltage.maximum", "input.voltage.minimum", "input.voltage.nominal", "output.current",
		"output.frequency", "output.voltage", "ups.delay.reboot", "ups.delay.shutdown", "ups.delay.start",
		"ups.load", "ups.temperature", "ups.test.interval",
	}
}
