package exposition

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"power_exporter/power"
)

var circuitLabels = labelNames{"device", "circuit", "name"}

var (
	circuitElectrical = electrical(point{
		name: "circuit", where: "the circuit", labels: circuitLabels, nut: "outlet.group.n.",
	})
	circuitLineElectrical = electrical(point{
		name: "circuit_line", where: "one line of the circuit", labels: labelNames{"device", "circuit", "line", "name"}, others: "Carlo Gavazzi EMS",
	})
)

var circuitInfo = newGauge("power_circuit_info",
	"Always 1: the inlet that feeds the circuit, the lines it hangs on, and its hardware (NUT outlet.group.n.input and outlet.group.n.phase, SynLink inletId, bankLines, firmwareVersion and hardwareVersion).",
	labelNames{"device", "circuit", "name", "inlet", "lines", "firmware", "hardware"})

var circuitReadings = []reading[power.Circuit]{
	{
		newGauge("power_circuit_breaker_closed", "1 when the breaker of the circuit is closed, 0 when it is open (SynLink circuitBreakerClosed).", circuitLabels),
		func(c *power.Circuit) power.Value { return c.BreakerClosed },
	},
}

func sendCircuits(ch chan<- prometheus.Metric, d *power.Device) {
	for i := range d.Circuits {
		c := &d.Circuits[i]
		labels := circuitLabels.with(d.ID, c.ID, c.Name)
		circuitInfo.sendInfo(ch, d.ID, c.ID, c.Name, c.Inlet, c.Wiring, c.Firmware, c.Hardware)
		circuitElectrical.send(ch, labels, &c.Electrical)
		circuitLineElectrical.sendLines(ch, d.ID, c.ID, c.Name, c.Lines)
		sendAll(ch, circuitReadings, labels, c)
	}
}

func circuitFamilies() []*family {
	return slices.Concat([]*family{circuitInfo}, circuitElectrical.families(), circuitLineElectrical.families(), families(circuitReadings))
}
