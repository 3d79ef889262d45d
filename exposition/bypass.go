package exposition

import (
	"slices"

	"power_exporter/power"
)

var (
	bypassElectrical = electrical(point{
		name: "bypass", where: "the bypass", labels: labelNames{"device", "bypass", "name"}, nut: "input.bypass.",
	})
	bypassLineElectrical = electrical(point{
		name: "bypass_line", where: "one line of the bypass", labels: labelNames{"device", "bypass", "line", "name"}, nut: "input.bypass.L1.",
	})
)

func sendBypasses(out sink, d *power.Device) {
	for i := range d.Bypasses {
		b := &d.Bypasses[i]
		bypassElectrical.send(out, labelValues{d.ID, b.ID, b.Name}, &b.Electrical)
		bypassLineElectrical.sendLines(out, d.ID, b.ID, b.Name, b.Lines)
	}
}

func bypassFamilies() []*family {
	return slices.Concat(bypassElectrical.families(), bypassLineElectrical.families())
}
