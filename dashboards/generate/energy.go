package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// energy is the dashboard of meters, and of the energy that all devices count.
func energy() board {
	return board{
		name:  "energy",
		title: "Power: meters and energy",
		text:  "Energy in kWh and what it costs, by device and by circuit, and the readings of meters. The price is above the panels.",
		from:  "24h",
		variables: variables(device("", orAll),
			text("price", "Price of a kWh", "What a kWh costs, in any currency: a number with a point, as 0.30.", "0.30")),
		rows: []row{
			{title: "In the time that is shown", panels: energyTotals()},
			{title: "Over time", panels: energyOverTime()},
			{title: "Electricity", panels: energyElectricity()},
			{title: "Meters", panels: energyMeters()},
		},
	}
}

// times is an expression times the price.
func times(expr string) string { return "(\n" + indent(expr) + "\n) * $price" }

// estimated is the energy of devices without a counter, in kWh, by their power
// in each interval.
func estimated() string {
	return "sum_over_time((\n" + indent(chosen.power()) + "\n)[$__range:$__interval]) * $__interval_ms / 1000 / 3.6e6" +
		"\nunless on (" + onDevice + ") " + chosen.energy("[$__range]")
}

func energyTotals() []panel {
	total := "sum(\n" + indent(chosen.energy("[$__range]")) + "\n)"
	back := "sum(increase(" + chosen.named("power_(inlet|circuit|outlet)_exported_energy_joules_total") + "[$__range])) / 3.6e6"
	money := func(b *stat.PanelBuilder) { b.Decimals(2) }
	return []panel{
		number(about{
			title: "Energy", unit: units.KiloWattHour, width: 6, height: 4,
			text:  "What the chosen devices have counted. A PDU behind a meter counts again what the meter has counted: choose devices that do not feed each other.",
			empty: "no device counts energy",
		}, []ask{{total, "energy"}}),
		number(about{
			title: "Cost", unit: units.Number, width: 6, height: 4,
			text:  "That energy times the price, in the currency of the price.",
			empty: "no device counts energy",
		}, []ask{{times(total), "cost"}}, money),
		number(about{
			title: "Given back", unit: units.KiloWattHour, width: 6, height: 4,
			text:  "Energy that went towards the source, such as that of solar panels.",
			empty: "no device counts what is given back",
		}, []ask{{back, "given back"}}),
		number(about{
			title: "Power", unit: units.Watt, width: 6, height: 4,
			text:  "What the chosen devices take now, all together; negative when more is given back.",
			empty: "no device reports its power",
		}, []ask{{"sum(\n" + indent(chosen.power()) + "\n)", "power"}}),
		sheet(about{
			title: "Energy by device", unit: units.Number, width: 14, height: 10,
			text:  "The 100 devices that have counted most. It is the sum of the inlets; of devices that do not count there, of the whole device, or of their circuits or outlets.",
			empty: "No device counts energy, or none has been scraped twice yet.",
		}, "-Energy", append(deviceColumns(toAny()...),
			labelsOf(ofThose("max by ("+byDevice+", kind, name) ("+chosen.of("power_device_info")+")", chosen.energy("[$__range]"))),
			label("Kind", "kind"), label("Name", "name"),
			values("Energy", units.KiloWattHour, "topk(100, "+chosen.energy("[$__range]")+")"),
			values("Cost", units.Number, "topk(100, "+chosen.energy("[$__range]")+") * $price", decimals(2)),
			values("Mean power", units.Watt, "topk(100, "+chosen.energy("[$__range]")+") * 3.6e6 / $__range_s"),
		)...),
		sheet(about{
			title: "Without a counter, by power", unit: units.Number, width: 10, height: 10,
			text:  "The 100 devices that take most of those that do not count energy: their power at some 150 times, added up. Times without a reading count as none. Of a UPS that only tells its load, that share of its nominal power.",
			empty: "All devices that report their power count energy too.",
		}, "-Energy", append(deviceColumns(toAny()...),
			values("Energy", units.KiloWattHour, "topk(100,\n"+indent(estimated())+"\n)"),
			values("Cost", units.Number, "topk(100,\n"+indent(estimated())+"\n) * $price", decimals(2)),
		)...),
		energyByPoint(),
	}
}

// energyByPoint lists all counters.
func energyByPoint() panel {
	points := "inlet, circuit, outlet, name"
	counted := "increase(" + chosen.named("power_(inlet|circuit|outlet)_energy_joules_total") + "[$__range]) / 3.6e6"
	return sheet(about{
		title: "Energy by circuit", unit: units.Number, width: 24, height: 10,
		text:  "The 200 inlets, circuits and outlets that have counted most, what it cost, what they gave back, and their power now.",
		empty: "No device counts energy, or none has been scraped twice yet.",
	}, "-Energy", append(deviceColumns(toAny()...),
		label("Inlet", "inlet"), label("Circuit", "circuit"), label("Outlet", "outlet"), label("Name", "name"),
		values("Energy", units.KiloWattHour, "topk(200, "+eachMax(points, counted)+")"),
		values("Cost", units.Number, "topk(200, "+eachMax(points, counted)+") * $price", decimals(2)),
		values("Given back", units.KiloWattHour, eachMax(points, "increase("+chosen.named("power_(inlet|circuit|outlet)_exported_energy_joules_total")+"[$__range])")+" / 3.6e6"),
		values("Power", units.Watt, eachMax(points, chosen.named("power_(inlet|circuit|outlet)_active_power_watts"))+
			"\nand on ("+onDevice+", "+points+") "+chosen.named("power_(inlet|circuit|outlet)_energy_joules_total")),
		values("Counter", units.KiloWattHour, "topk(200, "+eachMax(points, chosen.named("power_(inlet|circuit|outlet)_energy_joules_total"))+") / 3.6e6"),
	)...)
}

func energyOverTime() []panel {
	largest := "\nand on (" + onDevice + ") topk(15, " + chosen.energy("[$__range] @ end()") + ")"
	hourly := chosen.energy("[$__interval]") + largest
	daily := graph(about{
		title: "Energy by day", unit: units.KiloWattHour, width: 8, height: 9,
		text:  "What the chosen devices counted in each of the last 30 days. A bar ends where its day ends.",
		empty: "No device counts energy, or none has been scraped twice yet.",
	}, []ask{{"sum(\n" + indent(chosen.energy("[$__interval]")) + "\n)", "energy"}}, bars("1d"), last30Days)
	cost := graph(about{
		title: "Cost by day", unit: units.Number, width: 8, height: 9,
		text:  "The same times the price, in the currency of the price.",
		empty: "No device counts energy, or none has been scraped twice yet.",
	}, []ask{{times("sum(\n" + indent(chosen.energy("[$__interval]")) + "\n)"), "cost"}}, bars("1d"), last30Days)
	return []panel{
		graph(about{
			title: "Energy by hour", unit: units.KiloWattHour, width: 8, height: 9,
			text:  "What the 15 devices that counted most counted in each hour, or longer if much time is shown. A bar ends where its hour ends.",
			empty: "No device counts energy, or none has been scraped twice yet.",
		}, []ask{{hourly, "{{device}} ({{instance}})"}}, bars("1h")),
		daily,
		cost,
		graph(about{
			title: "Power by circuit", unit: units.Watt, width: 24, height: 10,
			text:  "Active power of the 20 inlets and circuits with the highest. What is given back is negative.",
			empty: "No device reports the power of inlets or circuits.",
		}, []ask{{most("20", chosen.named("power_(inlet|circuit)_active_power_watts")), "{{device}} {{inlet}}{{circuit}} {{name}}"}}, many),
	}
}

func energyElectricity() []panel {
	reading := func(title, unit, points, metric, text, empty string) panel {
		return graph(about{title: title, unit: unit, width: 8, height: 9, text: text, empty: empty},
			[]ask{{most("20", chosen.named("power_("+points+")(_line)?_"+metric)), "{{device}} {{inlet}}{{circuit}}{{outlet}} {{name}} {{line}}"}})
	}
	const mains, all = "inlet|circuit", "inlet|circuit|outlet"
	return []panel{
		reading("Voltage", units.Volt, mains, "voltage_volts",
			"Voltage of the 20 inlets, circuits and lines with the highest.",
			"No device reports the voltage of inlets or circuits."),
		reading("Current", units.Ampere, mains, "current_amperes",
			"Current of the 20 inlets, circuits and lines with the highest.",
			"No device reports the current of inlets or circuits."),
		reading("Mains frequency", units.Hertz, mains, "frequency_hertz",
			"Frequency of up to 20 inlets, circuits and lines.",
			"No device reports the frequency of inlets or circuits."),
		reading("Apparent power", units.VoltAmpere, all, "apparent_power_voltamperes",
			"Apparent power of the 20 inlets, circuits, lines and outlets with the highest.",
			"No device reports apparent power."),
		reading("Reactive power", units.VoltAmpereReactive, all, "reactive_power_voltamperes_reactive",
			"Reactive power of the 20 inlets, circuits, lines and outlets with the highest.",
			"No device reports reactive power."),
		reading("Power factor", units.Number, all, "power_factor_ratio",
			"Power factor of up to 20 inlets, circuits, lines and outlets. 1 is best.",
			"No device reports a power factor."),
	}
}

func energyMeters() []panel {
	return []panel{
		sheet(about{
			title: "Age of readings", unit: units.Number, width: 10, height: 9,
			text:  "The 100 circuits with the oldest readings, where the meter tells how old they are. A value that is older than the module's max_age is not exported.",
			empty: "No meter tells the age of its readings.",
		}, "-Age", append(deviceColumns(),
			label("Circuit", "circuit"), label("Name", "name"),
			values("Age", units.DurationSeconds, "topk(100, "+eachMax("circuit, name", chosen.of("power_circuit_reading_age_seconds"))+")", coloured(good, level{900, warning})...),
		)...),
		sheet(about{
			title: "Readings without a metric of their own", unit: units.Number, width: 14, height: 9,
			text:  "The first 200 numbers for which there is no metric, in the device's own unit: signals of a Carlo Gavazzi EMS that the configuration gives no meaning, and what modules with native: on export.",
			empty: "There are none: every signal has a meaning, and no module has native: on.",
		}, "+Device", append(deviceColumns(),
			label("Point", "point"), label("Id", "id"), label("Name", "name"),
			values("Value", units.Number, "topk(200, "+eachMax("point, id, name", chosen.of("power_native_reading"))+")"),
		)...),
	}
}
