package exposition

import (
	"slices"

	"power_exporter/power"
)

var sensorLabels = labelNames{"device", "sensor", "name"}

var sensorInfo = newGauge("power_sensor_info",
	"Always 1: what the sensor is and where it is plugged in (NUT ambient.* or ups.temperature, SynLink sensorType and sensorPort, PowerSentrix temps).",
	labelNames{"device", "sensor", "name", "kind", "port"})

var sensorInputHigh = newGauge("power_sensor_input_high",
	"1 when the digital input is high or its contact closed, 0 otherwise (NUT ambient.n.contacts.x.status, SynLink digitalInputs).",
	labelNames{"device", "sensor", "input", "name"})

var sensorRelayClosed = newGauge("power_sensor_relay_closed",
	"1 when the relay output is closed, 0 when it is open (SynLink outputRelays).",
	labelNames{"device", "sensor", "relay", "name"})

var sensorReadings = []reading[power.Sensor]{
	{
		newGauge("power_sensor_temperature_celsius", "Temperature in degrees Celsius (NUT ambient.temperature, ambient.n.temperature and ups.temperature, SynLink sensorTempInC, else sensorTempInF, PowerSentrix temps.board and temps.mcu).", sensorLabels),
		func(s *power.Sensor) power.Value { return s.Temperature },
	},
	{
		newGauge("power_sensor_humidity_ratio", "Relative humidity as a ratio from 0 to 1 (NUT ambient.humidity and ambient.n.humidity, SynLink sensorHumidity).", sensorLabels),
		func(s *power.Sensor) power.Value { return s.Humidity },
	},
	{
		newGauge("power_sensor_supply_on", "1 when the sensor feeds its auxiliary supply output, 0 otherwise (SynLink vdcOutputState).", sensorLabels),
		func(s *power.Sensor) power.Value { return s.SupplyOn },
	},
	{
		newGauge("power_sensor_switch_on", "1 when the user switch of the sensor is on, 0 otherwise (SynLink userSwitchState).", sensorLabels),
		func(s *power.Sensor) power.Value { return s.SwitchOn },
	},
}

var sensorLimits = []limits[power.Sensor]{
	{
		newLimits("power_sensor_temperature_limit_celsius", "Threshold configured for the temperature in degrees Celsius (NUT ambient.n.temperature.low* and ambient.n.temperature.high*).", sensorLabels),
		func(s *power.Sensor) *power.Limits { return &s.TemperatureLimits },
	},
	{
		newLimits("power_sensor_humidity_limit_ratio", "Threshold configured for the relative humidity as a ratio from 0 to 1 (NUT ambient.n.humidity.low* and ambient.n.humidity.high*).", sensorLabels),
		func(s *power.Sensor) *power.Limits { return &s.HumidityLimits },
	},
}

func sendSensors(out sink, d *power.Device) {
	for i := range d.Sensors {
		s := &d.Sensors[i]
		labels := labelValues{d.ID, s.ID, s.Name}
		sensorInfo.sendInfo(out, d.ID, s.ID, s.Name, s.Kind, s.Port)
		sendAll(out, sensorReadings, labels, s)
		sendLimits(out, sensorLimits, labels, s)
		for _, in := range s.Inputs {
			sensorInputHigh.send(out, labelValues{d.ID, s.ID, in.ID, in.Name}, in.High)
		}
		for _, r := range s.Relays {
			sensorRelayClosed.send(out, labelValues{d.ID, s.ID, r.ID, r.Name}, r.Closed)
		}
	}
}

func sensorFamilies() []*family {
	return slices.Concat([]*family{sensorInfo}, families(sensorReadings), limitFamilies(sensorLimits),
		[]*family{sensorInputHigh, sensorRelayClosed})
}
