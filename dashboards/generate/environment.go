package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// environment is the dashboard of sensors, and of what hangs on them.
func environment() board {
	return board{
		name:      "environment",
		title:     "Power: environment",
		text:      "Temperature and humidity, digital inputs, relays, and the alarms that are set up in devices.",
		from:      "24h",
		variables: variables(device("", orAll)),
		rows: []row{
			{title: "Now", panels: append(environmentNumbers(), sensorList())},
			{title: "Temperature and humidity", panels: climate()},
			{title: "Inputs, relays and alarms", panels: contacts()},
		},
	}
}

// beyond counts readings that are beyond a limit that is set in their device.
func beyond(reading, limit string) string {
	value := chosen.of(reading)
	over := func(level string) string {
		return value + " > ignoring (limit) " + chosen.of(limit, `limit="high_`+level+`"`)
	}
	under := func(level string) string {
		return value + " < ignoring (limit) " + chosen.of(limit, `limit="low_`+level+`"`)
	}
	return "count(\n" + indent(over("critical")+"\nor "+under("critical")+"\nor "+over("warning")+"\nor "+under("warning")) + "\n)" +
		"\nor count(" + chosen.of(limit) + ") * 0"
}

func environmentNumbers() []panel {
	return []panel{
		number(about{
			title: "Highest temperature", unit: units.Celsius, width: 4, height: 4,
			text:  "The warmest sensor. Those inside of devices are warmer than those of rooms.",
			empty: "no device reports a temperature",
		}, []ask{{"max(" + chosen.of("power_sensor_temperature_celsius") + ")", "highest"}}, coloursOf(temperatureLevels())),
		number(about{
			title: "Lowest temperature", unit: units.Celsius, width: 4, height: 4,
			text:  "The coldest sensor.",
			empty: "no device reports a temperature",
		}, []ask{{"min(" + chosen.of("power_sensor_temperature_celsius") + ")", "lowest"}}, coloursOf(temperatureLevels())),
		number(about{
			title: "Highest humidity", unit: units.PercentUnit, width: 4, height: 4,
			text:  "The sensor with the highest relative humidity.",
			empty: "no device reports humidity",
		}, []ask{{"max(" + chosen.of("power_sensor_humidity_ratio") + ")", "highest"}}, coloursOf(levels(warning, level{0.1, good}, level{0.8, warning}, level{0.9, bad}))),
		number(about{
			title: "Beyond their limits", unit: units.Number, width: 4, height: 4,
			text:  "Temperatures beyond a limit that is set in their device. Sensors without limits do not count.",
			empty: "no device tells limits of its sensors",
		}, []ask{{beyond("power_sensor_temperature_celsius", "power_sensor_temperature_limit_celsius"), "sensors"}}, coloursOf(noneIsGood())),
		number(about{
			title: "Inputs that are high", unit: units.Number, width: 4, height: 4,
			text:  "Digital inputs that are high, or whose contact is closed. Whether that is good depends on what hangs on them.",
			empty: "no device has digital inputs",
		}, []ask{
			{"sum(" + chosen.of("power_sensor_input_high") + ")", "high"},
			{"count(" + chosen.of("power_sensor_input_high") + ")", "all"},
		}),
		number(about{
			title: "Alarms now", unit: units.Number, width: 4, height: 4,
			text:  "Triggers that somebody has set up in devices, and whose condition holds.",
			empty: "no device has triggers",
		}, []ask{{"sum(" + chosen.of("power_alarm_active") + ")", "active"}}, coloursOf(levels(good, level{1, warning}))),
	}
}

func sensorList() panel {
	limit := func(name string) string {
		return eachMax("sensor", chosen.of("power_sensor_temperature_limit_celsius", `limit="`+name+`"`))
	}
	return sheet(about{
		title: "Sensors", unit: units.Number, width: 24, height: 10,
		text:  "All sensors with their newest readings, and the limits of their temperature that are set in the device.",
		empty: "No device has sensors.",
	}, "-Temperature", append(deviceColumns(toAny()...),
		labelsOf(eachMax("sensor, name, kind, port", chosen.of("power_sensor_info"))),
		label("Sensor", "sensor"), label("Name", "name"), label("Kind", "kind"), label("Port", "port"),
		values("Temperature", units.Celsius, eachMax("sensor", chosen.of("power_sensor_temperature_celsius")), coloured(neutral, level{10, good}, level{32, warning}, level{40, bad})...),
		values("Critical below", units.Celsius, limit("low_critical")),
		values("Warning below", units.Celsius, limit("low_warning")),
		values("Warning above", units.Celsius, limit("high_warning")),
		values("Critical above", units.Celsius, limit("high_critical")),
		values("Humidity", units.PercentUnit, eachMax("sensor", chosen.of("power_sensor_humidity_ratio"))),
		values("Supply", units.Number, eachMax("sensor", chosen.of("power_sensor_supply_on")), named(onOrOff())...),
		values("Switch", units.Number, eachMax("sensor", chosen.of("power_sensor_switch_on")), named(onOrOff())...),
	)...)
}

func climate() []panel {
	sensor := "{{device}} {{sensor}} {{name}}"
	return []panel{
		graph(about{
			title: "Temperature", unit: units.Celsius, width: 24, height: 10,
			text:  "The 30 sensors that were warmest in the time that is shown.",
			empty: "No device reports a temperature.",
		}, []ask{{most("30", chosen.of("power_sensor_temperature_celsius")), sensor}}, many),
		graph(about{
			title: "Relative humidity", unit: units.PercentUnit, width: 12, height: 9,
			text:  "The 30 sensors that were most humid in the time that is shown.",
			empty: "No device reports humidity.",
		}, []ask{{most("30", chosen.of("power_sensor_humidity_ratio")), sensor}}, many),
		graph(about{
			title: "Battery temperature", unit: units.Celsius, width: 12, height: 9,
			text:  "The 30 batteries that were warmest in the time that is shown.",
			empty: "No device reports the temperature of its battery.",
		}, []ask{{most("30", chosen.of("power_battery_temperature_celsius")), "{{device}} {{battery}} {{name}}"}}, many),
	}
}

func contacts() []panel {
	return []panel{
		timeline(about{
			title: "Digital inputs", unit: units.Number, width: 12, height: 9,
			text:  "When each digital input was high, or its contact closed.",
			empty: "No device has digital inputs.",
		}, []ask{{chosen.of("power_sensor_input_high"), "{{device}} {{sensor}} {{input}} {{name}}"}}, words(word{"low", idle}, word{"high", neutral})),
		timeline(about{
			title: "Relays", unit: units.Number, width: 12, height: 9,
			text:  "When each relay output was closed.",
			empty: "No device has relays.",
		}, []ask{{chosen.of("power_sensor_relay_closed"), "{{device}} {{sensor}} {{relay}} {{name}}"}}, words(word{"open", idle}, word{"closed", neutral})),
		alarmTimeline(12, 9),
		deviceEvents(12, 9),
	}
}
