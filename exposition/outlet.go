package exposition

import (
	"slices"

	"power_exporter/power"
)

var outletLabels = labelNames{"device", "outlet", "name"}

var outletElectrical = electrical(point{
	name: "outlet", where: "the outlet", labels: outletLabels, nut: "outlet.n.",
	fields: map[string]string{
		"_voltage_volts":                       "SynLink circuitVoltage, PowerSentrix upsData.voltages in 10 mV",
		"_current_amperes":                     "SynLink currentRms, CloudTrax ports.current_a, PowerSentrix upsData.currents in mA unless current_unit is 10mA",
		"_active_power_watts":                  "SynLink watts of an outlet in a group, CloudTrax ports.active_power_w",
		"_apparent_power_voltamperes":          "CloudTrax ports.apparent_power_va",
		"_reactive_power_voltamperes_reactive": "CloudTrax ports.reactive_power_var",
		"_power_factor_ratio":                  "CloudTrax ports.power_factor",
	},
})

var outletInfo = newGauge("power_outlet_info",
	"Always 1: the circuit that feeds the outlet, its socket, and what it does when the device is powered up (NUT outlet.n.groupid and outlet.n.type, SynLink bankId, receptacle and pwrOnState).",
	labelNames{"device", "outlet", "name", "circuit", "receptacle", "power_on_state"})

var outletGroupMember = newGauge("power_outlet_group_member",
	"Always 1: the outlet belongs to the group (NUT outlet.n.groupid, SynLink groups).",
	labelNames{"device", "group", "group_name", "outlet"})

var outletReadings = []reading[power.Outlet]{
	{
		newGauge("power_outlet_on", "1 when the outlet is switched on, 0 when it is off (NUT outlet.n.status, SynLink state, PowerSentrix upsData.outputs).", outletLabels),
		func(o *power.Outlet) power.Value { return o.On },
	},
	{
		newGauge("power_outlet_enabled", "1 when the owner has put the outlet in use, 0 otherwise (CloudTrax ports.enable).", outletLabels),
		func(o *power.Outlet) power.Value { return o.Enabled },
	},
	{
		newGauge("power_outlet_relay_healthy", "1 when the relay of the outlet obeys, 0 when it has failed (SynLink relayHealth).", outletLabels),
		func(o *power.Outlet) power.Value { return o.RelayHealthy },
	},
	{
		newGauge("power_outlet_voltage_present", "1 when there is voltage behind the relay of the outlet, 0 otherwise (SynLink voltageDetection).", outletLabels),
		func(o *power.Outlet) power.Value { return o.VoltagePresent },
	},
	{
		newGauge("power_outlet_reboot_pending", "1 while a power cycle of the outlet is under way or scheduled, 0 otherwise (SynLink rebootStatus).", outletLabels),
		func(o *power.Outlet) power.Value { return o.RebootPending },
	},
}

func sendOutlets(out sink, d *power.Device) {
	for i := range d.Outlets {
		o := &d.Outlets[i]
		labels := labelValues{d.ID, o.ID, o.Name}
		outletInfo.sendInfo(out, d.ID, o.ID, o.Name, o.Circuit, o.Receptacle, o.PowerOnState)
		outletElectrical.send(out, labels, &o.Electrical)
		sendAll(out, outletReadings, labels, o)
	}
	for i := range d.Groups {
		g := &d.Groups[i]
		for _, outlet := range g.Outlets {
			outletGroupMember.send(out, labelValues{d.ID, g.ID, g.Name, outlet}, power.Boolean(true))
		}
	}
}

func outletFamilies() []*family {
	return slices.Concat([]*family{outletInfo, outletGroupMember}, outletElectrical.families(), families(outletReadings))
}
