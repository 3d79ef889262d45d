package exposition

import (
	"power_exporter/power"
)

var nativeReading = newGauge("power_native_reading",
	"Reading for which the schema has no family, in the device's own unit, where the module asks for it (any other numeric NUT variable, Carlo Gavazzi EMS signals without a mapping, PowerSentrix ps.status, ventilation, forcePowerFromBatteries and extraActions).",
	labelNames{"device", "point", "id", "name"})

func sendNatives(out sink, d *power.Device) {
	for _, n := range d.Natives {
		nativeReading.send(out, labelValues{d.ID, n.Point, n.ID, n.Name}, n.Value)
	}
}
