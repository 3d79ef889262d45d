package exposition

import (
	"github.com/prometheus/client_golang/prometheus"

	"power_exporter/power"
)

var nativeReading = newGauge("power_native_reading",
	"Reading for which the schema has no family, in the device's own unit, where the module asks for it (any other numeric NUT variable, Carlo Gavazzi EMS signals without a mapping, PowerSentrix ps.status, ventilation, forcePowerFromBatteries and extraActions).",
	labelNames{"device", "point", "id", "name"})

func sendNatives(ch chan<- prometheus.Metric, d *power.Device) {
	for _, n := range d.Natives {
		nativeReading.send(ch, nativeReading.labels.with(d.ID, n.Point, n.ID, n.Name), n.Value)
	}
}
