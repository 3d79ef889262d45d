package exposition

import (
	"power_exporter/power"
)

var deviceLabels = labelNames{"device"}

var deviceInfo = newGauge("power_device_info",
	"Always 1: who made the device and what it is, with kind pdu, ups, ats, meter or gateway (NUT device.* and ups.*, SynLink modelNumber, enclosureSerialNumber, controllerFirmwareVersion, controllerHardwareVersion, inletConfig, deviceName and snmpSysLocation, Carlo Gavazzi EMS partNumber, label and serial number, CloudTrax mac, name, model and firmware_version, PowerSentrix ident.sn, ident.type, ident.mainFirmware and ident.comFirmware, PowerPulse deviceDetails).",
	labelNames{"device", "vendor", "model", "serial", "firmware", "hardware", "kind", "name", "location"})

var deviceUp = newGauge("power_device_up",
	"1 when the device answered, is online by its cloud or has pushed lately, 0 otherwise (NUT data that is not stale, an answer or a frame of SynLink, a fresh value of Carlo Gavazzi EMS, CloudTrax cloud_status, a fresh push, PowerSentrix onOffLine, PowerPulse status).",
	deviceLabels)

var deviceUptime = newGauge("power_device_uptime_seconds",
	"Time since a controller of the device was started, in seconds (NUT device.uptime, SynLink uptime, CloudTrax uptime_seconds, PowerSentrix comUptime and mainUptime).",
	labelNames{"device", "controller"})

var deviceReadings = []reading[power.Device]{
	{
		newGauge("power_device_last_seen_timestamp_seconds",
			"When the device was last heard by whoever was asked, in seconds since the Unix epoch (CloudTrax last_checkin, time of a push, newest t of Carlo Gavazzi EMS).",
			deviceLabels),
		func(d *power.Device) power.Value { return d.LastSeen },
	},
	{
		newGauge("power_device_reading_age_seconds",
			"Age of the readings in seconds, where they were not taken when they were asked for (newest frame of SynLink's stream, newest t of Carlo Gavazzi EMS, time of a push, CloudTrax while it asks to wait).",
			deviceLabels),
		func(d *power.Device) power.Value { return d.ReadingAge },
	},
	{
		newGauge("power_device_streamed",
			"1 when the readings are those of the newest frame that the device streamed, 0 when its stream is wanted but silent and they were fetched; absent where no stream is wanted (SynLink WebSocket).",
			deviceLabels),
		func(d *power.Device) power.Value { return d.Streamed },
	},
	{
		newGauge("power_device_cpu_load_ratio", "Load of the device's processor as a ratio from 0 to 1 (PowerSentrix ident.cpuLoad).", deviceLabels),
		func(d *power.Device) power.Value { return d.CPULoad },
	},
	{
		newGauge("power_device_memory_bytes", "Memory of the device in bytes (PowerSentrix ident.totalRamSize).", deviceLabels),
		func(d *power.Device) power.Value { return d.MemoryTotal },
	},
	{
		newGauge("power_device_memory_free_bytes", "Free memory of the device in bytes (PowerSentrix ident.freeRamSize).", deviceLabels),
		func(d *power.Device) power.Value { return d.MemoryFree },
	},
	{
		newCounter("power_device_lifetime_energy_joules_total",
			"Energy that has passed through the device since it was made, in joules, which no user can reset (SynLink lifetimeInletEnergyAccumulation).",
			deviceLabels),
		func(d *power.Device) power.Value { return d.LifetimeEnergy },
	},
	{
		newCounter("power_device_energy_joules_total",
			"Energy consumed by the whole device in joules, where its inlets do not count their own (SynLink inletEnergyAccumulation of a device with two inlets).",
			deviceLabels),
		func(d *power.Device) power.Value { return d.Energy },
	},
	{
		newGauge("power_device_surge_protection_active", "1 when the device protects against surges, 0 otherwise (CloudTrax surge_protection_active).", deviceLabels),
		func(d *power.Device) power.Value { return d.SurgeProtectionActive },
	},
	{
		newGauge("power_device_pairing_needed", "1 when the device waits to be paired with its cloud, 0 otherwise (CloudTrax need_pairing).", deviceLabels),
		func(d *power.Device) power.Value { return d.PairingNeeded },
	},
	{
		newGauge("power_device_active_outlets", "Number of outlets that have a load (CloudTrax active_ports).", deviceLabels),
		func(d *power.Device) power.Value { return d.ActiveOutlets },
	},
	{
		newGauge("power_device_enabled_outlets", "Number of outlets in use (CloudTrax enabled_ports).", deviceLabels),
		func(d *power.Device) power.Value { return d.EnabledOutlets },
	},
}

func sendDevice(out sink, d *power.Device) {
	info := labelValues{d.ID, d.Vendor, d.Model, d.Serial, d.Firmware, d.Hardware, string(d.Kind), d.Name, d.Location}
	deviceInfo.send(out, info, power.Boolean(true))

	labels := labelValues{d.ID}
	deviceUp.send(out, labels, power.Boolean(d.Up))
	sendAll(out, deviceReadings, labels, d)
	for _, u := range d.Uptimes {
		deviceUptime.send(out, labelValues{d.ID, u.Controller}, u.Uptime)
	}
}

func deviceFamilies() []*family {
	return append([]*family{deviceInfo, deviceUp, deviceUptime}, families(deviceReadings)...)
}
