package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// upses is the dashboard of UPSes and their batteries.
func upses() board {
	onBattery := dashboard.NewAnnotationQuery()
	onBattery.Name, onBattery.IconColor = "On battery", warning
	onBattery.Datasource = new(prometheus())
	onBattery.Expr = new(chosen.of("power_ups_state", `state="on_battery"`) + " == 1")
	onBattery.TitleFormat, onBattery.TextFormat = new("{{device}} on battery"), new("{{instance}}")
	onBattery.BuiltIn, onBattery.Placement = nil, nil
	return board{
		name:        "ups",
		title:       "Power: UPSes and batteries",
		text:        "UPSes: state, load, runtime, and how their batteries are. All in one table, then those that are chosen one by one. The time on battery is marked in all graphs.",
		from:        "6h",
		variables:   variables(device("ups", one)),
		annotations: []dashboard.AnnotationQuery{*onBattery},
		rows: []row{
			{title: "All UPSes", panels: []panel{upsList()}},
			{title: "$device", repeat: "device", panels: join(
				upsNumbers(), upsPower(), upsBattery(), []panel{upsOutlets(), deviceEvents(8, 9), aboutDevice("UPS")},
			)},
		},
	}
}

func upsList() panel {
	those := every.of("power_device_info", `kind="ups"`)
	state := func(state string) string {
		return eachMax("", every.of("power_ups_state", `state="`+state+`"`))
	}
	return sheet(about{
		title: "All UPSes", unit: units.Number, width: 24, height: 8,
		text:  "Every UPS of the chosen targets. Click on one to see it below.",
		empty: "No UPS is reported.",
	}, "+Device", append(deviceColumns(toDevice("ups", "This UPS"), toDevice("energy", "Its energy"), toDevice("environment", "Its environment")),
		labelsOf(eachMax("vendor, model, name", those)),
		values("State", units.Number, ofThose(eachMax("", every.of("power_device_up")), those), append(named(upOrDown()), width(70))...),
		label("Name", "name"), label("Vendor", "vendor"), label("Model", "model"),
		values("On battery", units.Number, state("on_battery"), named(yesIsOdd())...),
		values("Battery low", units.Number, state("low_battery"), named(yesIsBad())...),
		values("Replace battery", units.Number, state("replace_battery"), named(yesIsOdd())...),
		values("Bypass", units.Number, state("bypass"), named(yesIsOdd())...),
		values("Charge", units.PercentUnit, ofThose("min by ("+byDevice+") ("+every.of("power_battery_charge_ratio")+")", those), coloured(bad, level{0.2, warning}, level{0.5, good})...),
		values("Runtime", units.DurationSeconds, ofThose("min by ("+byDevice+") ("+every.of("power_battery_runtime_seconds")+")", those), coloured(bad, level{300, warning}, level{600, good})...),
		values("Load", units.PercentUnit, ofThose(eachMax("", every.named("power_output(_line)?_load_ratio")), those), loadColours()...),
		values("Power", units.Watt, ofThose("(\n"+indent(every.power())+"\n)", those)),
		values("Battery", units.Volt, ofThose("min by ("+byDevice+") ("+every.of("power_battery_voltage_volts")+")", those)),
	)...)
}

func upsNumbers() []panel {
	return []panel{
		number(about{
			title: "States", unit: units.Number, width: 8, height: 4,
			text:  "The states in which the UPS is now.",
			empty: "the UPS is down, reports no states, or none is chosen",
		}, []ask{{chosen.of("power_ups_state") + " == 1", "{{state}}"}}, namesOnly, coloursOf(levels(good)), func(b *stat.PanelBuilder) {
			b.OverrideByRegexp("/^(on_battery|discharging|bypass|calibration|test|trim|boost|high_battery|replace_battery)$/", []dashboard.DynamicConfigValue{fixed(warning)}).
				OverrideByRegexp("/^(low_battery|overload|off|forced_shutdown|alarm|nocomm)$/", []dashboard.DynamicConfigValue{fixed(bad)})
		}),
		number(about{
			title: "Charge", unit: units.PercentUnit, width: 4, height: 4,
			text:  "Charge of each battery.",
			empty: "the UPS reports no charge",
		}, []ask{{chosen.of("power_battery_charge_ratio"), "{{battery}}"}}, coloursOf(levels(bad, level{0.2, warning}, level{0.5, good}))),
		number(about{
			title: "Runtime", unit: units.DurationSeconds, width: 4, height: 4,
			text:  "How long each battery would last at the present load.",
			empty: "the UPS reports no runtime",
		}, []ask{{chosen.of("power_battery_runtime_seconds"), "{{battery}}"}}, coloursOf(runtimeLevels())),
		number(about{
			title: "Load now", unit: units.PercentUnit, width: 4, height: 4,
			text:  "Load of the UPS as a share of what it is made for; of its highest line if it has three.",
			empty: "the UPS reports no load",
		}, []ask{{"max(" + chosen.named("power_output(_line)?_load_ratio") + ")", "load"}}, coloursOf(loadLevels())),
		number(about{
			title: "Power", unit: units.Watt, width: 4, height: 4,
			text:  "What the UPS takes, or gives. Where it tells only its load, that share of its nominal power; some UPSes mean a share of their volt-amperes.",
			empty: "the UPS does not report its power",
		}, []ask{{chosen.power(), "{{instance}}"}}),
		timeline(about{
			title: "States over time", unit: units.Number, width: 24, height: 6,
			text:  "When the UPS was in which state. States in which it never was are left out.",
			empty: "The UPS reports no states.",
		}, []ask{{chosen.of("power_ups_state") + " == 1", "{{state}}"}}, words(word{"no", idle}, word{"yes", neutral})),
	}
}

func upsPower() []panel {
	return []panel{
		graph(about{
			title: "Input voltage", unit: units.Volt, width: 8, height: 8,
			text:  "Voltage of the mains, of each line if there are several. Beyond the critical limits the UPS goes on battery.",
			empty: "The UPS does not report its input voltage.",
		}, []ask{
			{chosen.named("power_inlet(_line)?_voltage_volts"), "{{inlet}} {{line}}"},
			{chosen.limits("power_inlet(_line)?_voltage_limit_volts", "inlet"), "{{inlet}} {{limit}}"},
			{chosen.of("power_inlet_voltage_nominal_volts"), "{{inlet}} nominal"},
		}),
		graph(about{
			title: "Output voltage", unit: units.Volt, width: 8, height: 8,
			text:  "Voltage that the load gets, of each line if there are several.",
			empty: "The UPS does not report its output voltage.",
		}, []ask{
			{chosen.named("power_output(_line)?_voltage_volts"), "{{output}} {{line}}"},
			{chosen.limits("power_output(_line)?_voltage_limit_volts", "output"), "{{output}} {{limit}}"},
			{chosen.of("power_output_voltage_nominal_volts"), "{{output}} nominal"},
		}),
		graph(about{
			title: "Frequency", unit: units.Hertz, width: 8, height: 8,
			text:  "Frequency of the mains, of the bypass, and of what the load gets.",
			empty: "The UPS does not report frequencies.",
		}, []ask{
			{chosen.named("power_inlet(_line)?_frequency_hertz"), "in {{inlet}} {{line}}"},
			{chosen.of("power_bypass_frequency_hertz"), "bypass {{bypass}}"},
			{chosen.of("power_output_frequency_hertz"), "out {{output}}"},
			{chosen.limits("power_inlet(_line)?_frequency_limit_hertz", "inlet"), "{{inlet}} {{limit}}"},
		}),
		graph(about{
			title: "Load", unit: units.PercentUnit, width: 8, height: 8,
			text:  "Load as a share of what the UPS is made for, of each line if there are several.",
			empty: "The UPS reports no load.",
		}, []ask{
			{chosen.named("power_output(_line)?_load_ratio"), "{{output}} {{line}}"},
			{chosen.limits("power_output(_line)?_load_limit_ratio", "output"), "{{output}} {{limit}}"},
		}, fromZero),
		graph(about{
			title: "Output power", unit: units.Watt, width: 8, height: 8,
			text:  "Active power of the load, of each line if there are several. Apparent power, in volt-amperes, is what the UPS is rated by too.",
			empty: "The UPS does not report its output power.",
		}, []ask{
			{chosen.named("power_output(_line)?_active_power_watts"), "{{output}} {{line}}"},
			{chosen.named("power_output(_line)?_apparent_power_voltamperes"), "{{output}} {{line}} apparent"},
			{chosen.of("power_output_active_power_nominal_watts"), "{{output}} nominal"},
		}, fromZero, unitOf("/apparent$/", units.VoltAmpere)),
		graph(about{
			title: "Current", unit: units.Ampere, width: 8, height: 8,
			text:  "Current of inlets and outputs, of each line if there are several.",
			empty: "The UPS does not report currents.",
		}, []ask{
			{chosen.named("power_inlet(_line)?_current_amperes"), "in {{inlet}} {{line}}"},
			{chosen.named("power_output(_line)?_current_amperes"), "out {{output}} {{line}}"},
			{chosen.limits("power_inlet(_line)?_current_limit_amperes", "inlet"), "in {{inlet}} {{limit}}"},
		}, fromZero),
		graph(about{
			title: "Bypass voltage", unit: units.Volt, width: 8, height: 8,
			text:  "Voltage of the bypass, through which the load is fed when the inverter is not used.",
			empty: "The UPS does not report a bypass.",
		}, []ask{
			{chosen.named("power_bypass(_line)?_voltage_volts"), "{{bypass}} {{line}}"},
			{chosen.of("power_bypass_voltage_nominal_volts"), "{{bypass}} nominal"},
		}),
	}
}

func upsBattery() []panel {
	return []panel{
		graph(about{
			title: "Battery charge", unit: units.PercentUnit, width: 8, height: 8,
			text:  "Charge of each battery. Below the critical limit the UPS calls it low.",
			empty: "The UPS reports no charge.",
		}, []ask{
			{chosen.of("power_battery_charge_ratio"), "{{battery}} {{name}}"},
			{chosen.limits("power_battery_charge_limit_ratio", "battery"), "{{battery}} {{limit}}"},
		}, fromZero),
		graph(about{
			title: "Battery runtime", unit: units.DurationSeconds, width: 8, height: 8,
			text:  "How long each battery would last at the present load. Of a full battery at the same load it falls over the months, as the battery ages.",
			empty: "The UPS reports no runtime.",
		}, []ask{
			{chosen.of("power_battery_runtime_seconds"), "{{battery}} {{name}}"},
			{chosen.limits("power_battery_runtime_limit_seconds", "battery"), "{{battery}} {{limit}}"},
		}, fromZero),
		graph(about{
			title: "Battery voltage", unit: units.Volt, width: 8, height: 8,
			text:  "Voltage of each battery. At the critical limit the UPS cuts it off.",
			empty: "The UPS does not report the voltage of its battery.",
		}, []ask{
			{chosen.of("power_battery_voltage_volts"), "{{battery}} {{name}}"},
			{chosen.limits("power_battery_voltage_limit_volts", "battery"), "{{battery}} {{limit}}"},
			{chosen.of("power_battery_voltage_nominal_volts"), "{{battery}} nominal"},
		}),
		graph(about{
			title: "Battery current", unit: units.Ampere, width: 8, height: 8,
			text:  "Current into each battery; out of it is negative, where the UPS tells.",
			empty: "The UPS does not report the current of its battery.",
		}, []ask{{chosen.of("power_battery_current_amperes"), "{{battery}} {{name}}"}}),
		graph(about{
			title: "Battery cells", unit: units.Volt, width: 8, height: 8,
			text:  "Voltage of each cell or block. Those of a healthy battery agree.",
			empty: "The UPS does not report the cells of its battery.",
		}, []ask{{chosen.of("power_battery_cell_voltage_volts"), "{{battery}} cell {{cell}}"}}),
		graph(about{
			title: "Spread of cells", unit: units.PercentUnit, width: 8, height: 8,
			text:  "How far the highest cell is from the lowest, as a share of their mean. More than 4 % is a sign of a cell that fails.",
			empty: "The UPS does not report the cells of its battery.",
		}, []ask{{
			"(max without (cell) (" + chosen.of("power_battery_cell_voltage_volts") + ") - min without (cell) (" + chosen.of("power_battery_cell_voltage_volts") + "))" +
				"\n/ (avg without (cell) (" + chosen.of("power_battery_cell_voltage_volts") + ") > 0)", "{{battery}} {{name}}",
		}}, fromZero),
		graph(about{
			title: "Temperature", unit: units.Celsius, width: 8, height: 8,
			text:  "Temperature of each battery, and of the sensors of the UPS. Heat ages a battery.",
			empty: "The UPS reports no temperature.",
		}, []ask{
			{chosen.of("power_battery_temperature_celsius"), "battery {{battery}} {{name}}"},
			{chosen.of("power_sensor_temperature_celsius"), "sensor {{sensor}} {{name}}"},
		}),
		sheet(about{
			title: "Batteries", unit: units.Number, width: 8, height: 8,
			text:  "What the UPS knows of its batteries: chemistry, and when they were made and replaced, as it writes the dates.",
			empty: "The UPS knows nothing of its batteries.",
		}, "+Battery",
			labelsOf(eachMax("battery, name, kind, manufactured, replaced", chosen.of("power_battery_info"))),
			label("Battery", "battery"), label("Name", "name"), label("Kind", "kind"), label("Made", "manufactured"), label("Replaced", "replaced"),
			values("Voltage", units.Volt, eachMax("battery, name", chosen.of("power_battery_voltage_volts"))),
		),
	}
}

func upsOutlets() panel {
	points := "outlet, name"
	each := func(metric string) string { return eachMax(points, chosen.of(metric)) }
	return sheet(about{
		title: "Outlets", unit: units.Number, width: 16, height: 9,
		text:  "The outlets of the UPS, or its DC outputs. Power is measured, or volts × amperes × power factor, of direct current without it.",
		empty: "The UPS does not report outlets.",
	}, "+Outlet",
		label("Outlet", "outlet"), label("Name", "name"),
		values("State", units.Number, each("power_outlet_on"), named(onOrOff())...),
		values("Voltage", units.Volt, each("power_outlet_voltage_volts")),
		values("Current", units.Ampere, each("power_outlet_current_amperes")),
		values("Power", units.Watt, eachMax(points, "\n"+indent(chosen.outletPower())+"\n")),
	)
}
