package powersentrix

import (
	"cmp"
	"strconv"

	"power_exporter/power"
)

// natives are the numbers for which the schema has no family, or to which the
// document gives no meaning: ventilation may be a switch or a speed, and no
// state of mains or battery is named after the bits of ps.status.
func natives(p Payload) []power.NativeReading {
	var all []power.NativeReading
	add := func(point, id, name string, n Number) {
		if v := power.Raw(n.Number); v.Present() {
			all = append(all, power.NativeReading{Point: point, ID: id, Name: name, Value: v})
		}
	}
	add("settings", "", "forcePowerFromBatteries", p.Config.Settings.ForcePowerFromBatteries)
	for i, a := range p.Config.ExtraActions {
		id := cmp.Or(a.ID.String(), strconv.Itoa(i))
		add("extraActions", id, "event", a.Event)
		add("extraActions", id, "baseStatus", a.BaseStatus)
		add("extraActions", id, "action", a.Action)
	}
	add("upsData", "", "ventilation", p.UPSData.Ventilation)
	for i, ps := range p.UPSData.PS {
		for _, bits := range []struct {
			name string
			list Slots[Number]
		}{
			{"status.h.hb", ps.Status.H.HB},
			{"status.h.lb", ps.Status.H.LB},
			{"status.l.hb", ps.Status.L.HB},
			{"status.l.lb", ps.Status.L.LB},
		} {
			for bit, n := range bits.list {
				// The same number as the inlet, output and battery of the supply.
				add("ps", strconv.Itoa(i+1), bits.name+"."+strconv.Itoa(bit), n)
			}
		}
	}
	return all
}
