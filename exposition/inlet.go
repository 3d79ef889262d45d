package exposition

import (
	"slices"

	"power_exporter/power"
)

var inletLabels = labelNames{"device", "inlet", "name"}

var (
	inletElectrical = electrical(point{
		name: "inlet", where: "the inlet", labels: inletLabels, nut: "input.", nutTransfer: "input.transfer.",
		fields: map[string]string{
			"_voltage_volts":              "SynLink inletVoltageRms, CloudTrax voltage_v, PowerSentrix ps.main in 10 mV, PowerPulse inputDetails.voltage",
			"_current_amperes":            "SynLink inletCurrentRms",
			"_frequency_hertz":            "SynLink inletLineFrequency, CloudTrax frequency_hz",
			"_power_factor_ratio":         "SynLink inletPowerFactor",
			"_active_power_watts":         "SynLink inletActivePower",
			"_apparent_power_voltamperes": "SynLink inletApparentPower",
			"_energy_joules_total":        "SynLink inletEnergyAccumulation of a device with one inlet",
		},
	})
	inletLineElectrical = electrical(point{
		name: "inlet_line", where: "one line of the inlet", labels: labelNames{"device", "inlet", "line", "name"}, nut: "input.L1.",
		fields: map[string]string{"_current_amperes": "SynLink inletLines.currentRms"},
	})
)

var inletInfo = newGauge("power_inlet_info",
	"Always 1: how the inlet is wired (NUT input.phases, SynLink inletPlug, inletPhase, inletLineConfiguration and phase).",
	labelNames{"device", "inlet", "name", "plug", "phase", "line_configuration"})

var inletReadings = []reading[power.Inlet]{
	{
		newGauge("power_inlet_three_phase_balance_ratio",
			"How evenly the lines of a three-phase inlet are loaded, as a ratio from 0 to 1 (SynLink threePhaseBalance, a balance by its name although its description says unbalance).",
			inletLabels),
		func(i *power.Inlet) power.Value { return i.Balance },
	},
}

var atsLabels = labelNames{"device", "inlet", "ats_inlet", "name"}

var atsReadings = []reading[power.ATSInlet]{
	{
		newGauge("power_inlet_ats_active", "1 when the transfer switch feeds the load from this source, 0 otherwise (NUT input.source, SynLink atsInletActive).", atsLabels),
		func(a *power.ATSInlet) power.Value { return a.Active },
	},
	{
		newGauge("power_inlet_ats_ready", "1 when the transfer switch could feed the load from this source, 0 otherwise (SynLink atsInletReady).", atsLabels),
		func(a *power.ATSInlet) power.Value { return a.Ready },
	},
}

func sendInlets(out sink, d *power.Device) {
	for i := range d.Inlets {
		in := &d.Inlets[i]
		labels := labelValues{d.ID, in.ID, in.Name}
		inletInfo.sendInfo(out, d.ID, in.ID, in.Name, in.Plug, in.Phase, in.LineConfiguration)
		inletElectrical.send(out, labels, &in.Electrical)
		inletLineElectrical.sendLines(out, d.ID, in.ID, in.Name, in.Lines)
		sendAll(out, inletReadings, labels, in)
		for j := range in.ATS {
			sendAll(out, atsReadings, labelValues{d.ID, in.ID, in.ATS[j].ID, in.Name}, &in.ATS[j])
		}
	}
}

func inletFamilies() []*family {
	return slices.Concat([]*family{inletInfo}, inletElectrical.families(), inletLineElectrical.families(),
		families(inletReadings), families(atsReadings))
}
