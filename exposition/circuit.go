package exposition

import (
	"slices"

	"power_exporter/power"
)

var circuitLabels = labelNames{"device", "circuit", "name"}

var (
	circuitElectrical = electrical(point{
		name: "circuit", where: "the circuit", labels: circuitLabels, nut: "outlet.group.n.",
		ems: true,
		fields: map[string]string{
			"_voltage_volts":              "SynLink voltageRms",
			"_current_amperes":            "SynLink currentRms",
			"_frequency_hertz":            "SynLink lineFrequency",
			"_power_factor_ratio":         "SynLink powerFactor",
			"_active_power_watts":         "SynLink activePower, in watts",
			"_apparent_power_voltamperes": "SynLink apparentPower",
			"_energy_joules_total":        "SynLink energyAccumulation",
		},
	})
	circuitLineElectrical = electrical(point{
		name: "circuit_line", where: "one line of the circuit", labels: labelNames{"device", "circuit", "line", "name"}, ems: true,
	})
)

var circuitInfo = newGauge("power_circuit_info",
	"Always 1: the inlet that feeds the circuit, the lines it hangs on, and its hardware (NUT outlet.group.n.input and outlet.group.n.phase, SynLink inletId, bankLines, firmwareVersion and hardwareVersion).",
	labelNames{"device", "circuit", "name", "inlet", "lines", "firmware", "hardware"})

var circuitReadings = []reading[power.Circuit]{
	{
		newGauge("power_circuit_breaker_closed", "1 when the breaker of the circuit is closed, 0 when it is open; absent without a breaker (SynLink circuitBreakerClosed).", circuitLabels),
		func(c *power.Circuit) power.Value { return c.BreakerClosed },
	},
	{
		newGauge("power_circuit_reading_age_seconds", "Age of the newest reading of the circuit in seconds, where it was not taken when it was asked for (newest t of Carlo Gavazzi EMS).", circuitLabels),
		func(c *power.Circuit) power.Value { return c.ReadingAge },
	},
}

func sendCircuits(out sink, d *power.Device) {
	for i := range d.Circuits {
		c := &d.Circuits[i]
		labels := labelValues{d.ID, c.ID, c.Name}
		circuitInfo.sendInfo(out, d.ID, c.ID, c.Name, c.Inlet, c.Wiring, c.Firmware, c.Hardware)
		circuitElectrical.send(out, labels, &c.Electrical)
		circuitLineElectrical.sendLines(out, d.ID, c.ID, c.Name, c.Lines)
		sendAll(out, circuitReadings, labels, c)
	}
}

func circuitFamilies() []*family {
	return slices.Concat([]*family{circuitInfo}, circuitElectrical.families(), circuitLineElectrical.families(), families(circuitReadings))
}
