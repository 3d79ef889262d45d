package exposition

import (
	"power_exporter/power"
)

var upsState = newGauge("power_ups_state",
	"1 for each state the UPS is in and 0 for each other known one; an unknown state has a series while it lasts (NUT ups.status, PowerPulse upsDetails.status).",
	labelNames{"device", "state"})

func sendUPS(out sink, d *power.Device) {
	for state, active := range d.States.All() {
		upsState.send(out, labelValues{d.ID, string(state)}, power.Boolean(active))
	}
}
