package exposition

import (
	"slices"

	"power_exporter/power"
)

var batteryLabels = labelNames{"device", "battery", "name"}

var batteryInfo = newGauge("power_battery_info",
	"Always 1: chemistry and dates of the battery, as the device writes them (NUT battery.type, battery.mfr.date and battery.date, PowerPulse batteryDetails).",
	labelNames{"device", "battery", "name", "kind", "manufactured", "replaced"})

var batteryCellVoltage = newGauge("power_battery_cell_voltage_volts",
	"Voltage of one cell or block of the battery in volts (PowerSentrix ps.cell in 10 mV).",
	labelNames{"device", "battery", "cell", "name"})

var batteryReadings = []reading[power.Battery]{
	{
		newGauge("power_battery_charge_ratio", "Charge of the battery as a ratio from 0 to 1 (NUT battery.charge, PowerPulse batteryDetails.charge).", batteryLabels),
		func(b *power.Battery) power.Value { return b.Charge },
	},
	{
		newGauge("power_battery_runtime_seconds", "Time the battery would last at the present load, in seconds (NUT battery.runtime, PowerPulse batteryDetails.runtime, else runtimeRemaining in minutes).", batteryLabels),
		func(b *power.Battery) power.Value { return b.Runtime },
	},
	{
		newGauge("power_battery_voltage_volts", "Voltage of the battery in volts (NUT battery.voltage, PowerSentrix ps.batt in 10 mV, PowerPulse batteryDetails.voltage).", batteryLabels),
		func(b *power.Battery) power.Value { return b.Voltage },
	},
	{
		newGauge("power_battery_voltage_nominal_volts", "Nominal voltage of the battery in volts (NUT battery.voltage.nominal, PowerPulse batteryDetails.voltageNominal).", batteryLabels),
		func(b *power.Battery) power.Value { return b.VoltageNominal },
	},
	{
		newGauge("power_battery_current_amperes", "Current of the battery in amperes, negative out of the battery where the device tells (NUT battery.current).", batteryLabels),
		func(b *power.Battery) power.Value { return b.Current },
	},
	{
		newGauge("power_battery_temperature_celsius", "Temperature of the battery in degrees Celsius (NUT battery.temperature).", batteryLabels),
		func(b *power.Battery) power.Value { return b.Temperature },
	},
}

var batteryLimits = []limits[power.Battery]{
	{
		newLimits("power_battery_charge_limit_ratio", "Threshold configured for the charge of the battery as a ratio from 0 to 1 (NUT battery.charge.low and battery.charge.warning).", batteryLabels),
		func(b *power.Battery) *power.Limits { return &b.ChargeLimits },
	},
	{
		newLimits("power_battery_runtime_limit_seconds", "Threshold configured for the runtime of the battery in seconds (NUT battery.runtime.low).", batteryLabels),
		func(b *power.Battery) *power.Limits { return &b.RuntimeLimits },
	},
	{
		newLimits("power_battery_voltage_limit_volts", "Threshold configured for the voltage of the battery in volts (NUT battery.voltage.low, PowerSentrix ps.buv in 10 mV).", batteryLabels),
		func(b *power.Battery) *power.Limits { return &b.VoltageLimits },
	},
}

func sendBatteries(out sink, d *power.Device) {
	for i := range d.Batteries {
		b := &d.Batteries[i]
		labels := labelValues{d.ID, b.ID, b.Name}
		batteryInfo.sendInfo(out, d.ID, b.ID, b.Name, b.Kind, b.Manufactured, b.Replaced)
		sendAll(out, batteryReadings, labels, b)
		sendLimits(out, batteryLimits, labels, b)
		for _, c := range b.Cells {
			batteryCellVoltage.send(out, labelValues{d.ID, b.ID, c.ID, b.Name}, c.Voltage)
		}
	}
}

func batteryFamilies() []*family {
	return slices.Concat([]*family{batteryInfo, batteryCellVoltage}, families(batteryReadings), limitFamilies(batteryLimits))
}
