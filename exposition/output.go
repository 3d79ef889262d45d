package exposition

import (
	"slices"

	"power_exporter/power"
)

var (
	outputElectrical = electrical(point{
		name: "output", where: "the output", labels: labelNames{"device", "output", "name"}, nut: "output.", nutUPS: "ups.",
		fields: map[string]string{
			"_voltage_volts": "PowerSentrix ps.load in 10 mV, PowerPulse outputDetails.voltage",
			"_load_ratio":    "PowerPulse upsDetails.load",
		},
	})
	outputLineElectrical = electrical(point{
		name: "output_line", where: "one line of the output", labels: labelNames{"device", "output", "line", "name"}, nut: "output.L1.",
	})
)

func sendOutputs(out sink, d *power.Device) {
	for i := range d.Outputs {
		o := &d.Outputs[i]
		outputElectrical.send(out, labelValues{d.ID, o.ID, o.Name}, &o.Electrical)
		outputLineElectrical.sendLines(out, d.ID, o.ID, o.Name, o.Lines)
	}
}

func outputFamilies() []*family {
	return slices.Concat(outputElectrical.families(), outputLineElectrical.families())
}
