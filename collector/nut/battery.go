package nut

import (
	"slices"

	"power_exporter/power"
)

// battery maps the battery; NUT knows one, whatever it is made of.
func battery(d *power.Device, v variables) {
	if !slices.ContainsFunc(v, func(x variable) bool { return x.at.domain == "battery" }) {
		return
	}
	d.Batteries = []power.Battery{{
		ID:           only,
		Kind:         v.text("battery.type"),
		Manufactured: v.text("battery.mfr.date"),
		Replaced:     v.text("battery.date"),
		Charge:       power.Percent(v.number("battery.charge")),
		ChargeLimits: power.Limits{
			LowCritical: power.Percent(v.number("battery.charge.low")),
			LowWarning:  power.Percent(v.number("battery.charge.warning")),
		},
		Runtime: power.Seconds(v.number("battery.runtime")),
		RuntimeLimits: power.Limits{
			LowCritical: power.Seconds(v.number("battery.runtime.low")),
		},
		Voltage:        power.Volts(v.number("battery.voltage")),
		VoltageNominal: power.Volts(v.number("battery.voltage.nominal")),
		// battery.voltage.high is no limit but the voltage of a full battery.
		VoltageLimits: power.Limits{
			LowCritical: power.Volts(v.number("battery.voltage.low")),
		},
		Current:     power.Amperes(v.number("battery.current")),
		Temperature: power.Celsius(v.number("battery.temperature")),
	}}
}
