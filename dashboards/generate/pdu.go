package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// pdus is the dashboard of PDUs and transfer switches.
func pdus() board {
	return board{
		name:      "pdu",
		title:     "Power: PDUs",
		text:      "PDUs, power strips and transfer switches: inlets, circuits, outlets, breakers. All in one table, then those that are chosen one by one.",
		from:      "6h",
		variables: variables(device("pdu|ats", one)),
		rows: []row{
			{title: "All PDUs", panels: []panel{pduList()}},
			{title: "$device", repeat: "device", panels: join(
				pduNumbers(), pduInlets(), pduCircuits(), pduOutlets(), pduSwitching(), []panel{aboutDevice("PDU")},
			)},
		},
	}
}

// join puts lists of panels together.
func join(lists ...[]panel) []panel {
	var all []panel
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func pduList() panel {
	those := every.of("power_device_info", `kind=~"pdu|ats"`)
	return sheet(about{
		title: "All PDUs", unit: units.Number, width: 24, height: 8,
		text:  "Every PDU, power strip and transfer switch of the chosen targets. Click on one to see it below. Used is the current of the point that is closest to its limit.",
		empty: "No PDU is reported.",
	}, "+Device", append(deviceColumns(toDevice("pdu", "This PDU"), toDevice("energy", "Its energy"), toDevice("environment", "Its environment")),
		labelsOf(eachMax("vendor, model, name, location", those)),
		values("State", units.Number, ofThose(eachMax("", every.of("power_device_up")), those), append(named(upOrDown()), width(70))...),
		label("Name", "name"), label("Vendor", "vendor"), label("Model", "model"), label("Location", "location"),
		values("Power", units.Watt, ofThose("(\n"+indent(every.power())+"\n)", those)),
		values("Used", units.PercentUnit, ofThose(eachMax("", "\n"+indent(every.share("power_(inlet|circuit|outlet)(_line)?"))+"\n"), those), loadColours()...),
		values("Outlets", units.Number, ofThose("count by ("+byDevice+") ("+every.of("power_outlet_on")+")", those)),
		values("On", units.Number, ofThose("sum by ("+byDevice+") ("+every.of("power_outlet_on")+")", those)),
		values("Breakers open", units.Number, ofThose("sum by ("+byDevice+") ("+every.of("power_circuit_breaker_closed")+" == bool 0)", those), coloured(good, level{1, bad})...),
	)...)
}

func pduNumbers() []panel {
	return []panel{
		number(about{
			title: "State", unit: units.Number, width: 4, height: 4,
			text:  "Whether the PDU answers.",
			empty: "choose a PDU",
		}, []ask{{chosen.of("power_device_up"), "{{instance}}"}}, statesOf(upOrDown())),
		number(about{
			title: "Power", unit: units.Watt, width: 4, height: 4,
			text:  "Active power of the whole PDU: of its inlets, else the sum of its circuits or outlets.",
			empty: "the PDU does not report its power",
		}, []ask{{chosen.power(), "{{instance}}"}}),
		number(about{
			title: "Used", unit: units.PercentUnit, width: 4, height: 4,
			text:  "Current of the inlet, line, circuit or outlet that is closest to its critical limit, or else to its nominal current, as a share of it.",
			empty: "the PDU reports no limits",
		}, []ask{{eachMax("", "\n"+indent(chosen.share("power_(inlet|circuit|outlet)(_line)?"))+"\n"), "{{instance}}"}}, coloursOf(loadLevels())),
		number(about{
			title: "Power factor", unit: units.Number, width: 4, height: 4,
			text:  "Active power divided by apparent power, of each inlet, else circuit. 1 is best; the sign says whether the load is inductive or capacitive, if the device tells it.",
			empty: "the PDU reports no power factor",
		}, []ask{{chosen.of("power_inlet_power_factor_ratio") + "\nor " + chosen.of("power_circuit_power_factor_ratio") + "\nunless on (" + onDevice + ") " + chosen.of("power_inlet_power_factor_ratio"), "{{inlet}}{{circuit}}"}}),
		number(about{
			title: "Outlets on", unit: units.Number, width: 4, height: 4,
			text:  "How many outlets are switched on, and how many there are.",
			empty: "the PDU does not switch outlets",
		}, []ask{
			{"sum(" + chosen.of("power_outlet_on") + ")", "on"},
			{"count(" + chosen.of("power_outlet_on") + ")", "all"},
		}),
		number(about{
			title: "Breakers open", unit: units.Number, width: 4, height: 4,
			text:  "Circuits whose breaker is open: their outlets have no voltage.",
			empty: "the PDU reports no breakers",
		}, []ask{{"sum(" + chosen.of("power_circuit_breaker_closed") + " == bool 0)", "open"}}, coloursOf(noneIsGood())),
	}
}

func pduInlets() []panel {
	return []panel{
		graph(about{
			title: "Inlet current", unit: units.Ampere, width: 8, height: 8,
			text:  "Current of each inlet or line, with the limits that are set in the PDU. The peak of PDUs that stream shows what was over before the next scrape.",
			empty: "The PDU does not report the current of its inlets.",
		}, []ask{
			{chosen.named("power_inlet(_line)?_current_amperes"), "{{inlet}} {{line}}"},
			{chosen.named("power_inlet(_line)?_current_peak_amperes"), "{{inlet}} {{line}} peak"},
			{chosen.limits("power_inlet(_line)?_current_limit_amperes", "inlet"), "{{inlet}} {{limit}}"},
		}, fromZero),
		graph(about{
			title: "Inlet voltage", unit: units.Volt, width: 8, height: 8,
			text:  "Voltage of each inlet or line, with the limits that are set in the PDU.",
			empty: "The PDU does not report the voltage of its inlets.",
		}, []ask{
			{chosen.named("power_inlet(_line)?_voltage_volts"), "{{inlet}} {{line}}"},
			{chosen.limits("power_inlet(_line)?_voltage_limit_volts", "inlet"), "{{inlet}} {{limit}}"},
		}),
		graph(about{
			title: "Power of inlets and circuits", unit: units.Watt, width: 8, height: 8,
			text:  "Active power of each inlet, line and circuit. The peak and trough of PDUs that stream show what was over before the next scrape.",
			empty: "The PDU does not report the power of inlets or circuits.",
		}, []ask{
			{chosen.named("power_(inlet|circuit)(_line)?_active_power_watts"), "{{inlet}}{{circuit}} {{line}}"},
			{chosen.named("power_(inlet|circuit)_active_power_peak_watts"), "{{inlet}}{{circuit}} peak"},
			{chosen.named("power_(inlet|circuit)_active_power_trough_watts"), "{{inlet}}{{circuit}} trough"},
			{chosen.limits("power_inlet(_line)?_active_power_limit_watts", "inlet"), "{{inlet}} {{limit}}"},
		}, fromZero),
	}
}

func pduCircuits() []panel {
	points := "circuit, name"
	return []panel{
		sheet(about{
			title: "Circuits", unit: units.Number, width: 16, height: 8,
			text:  "The newest readings of each circuit: a bank, or a branch. The limit is the critical one set in the PDU, else the nominal current.",
			empty: "The PDU does not report circuits.",
		}, "+Circuit",
			labelsOf(eachMax("circuit, name, inlet, lines", chosen.of("power_circuit_info"))),
			label("Circuit", "circuit"), label("Name", "name"), label("Inlet", "inlet"), label("Lines", "lines", width(70)),
			values("Breaker", units.Number, eachMax(points, chosen.of("power_circuit_breaker_closed")), named(words(word{"open", bad}, word{"closed", good}))...),
			values("Voltage", units.Volt, eachMax(points, chosen.of("power_circuit_voltage_volts"))),
			values("Current", units.Ampere, eachMax(points, chosen.of("power_circuit_current_amperes"))),
			values("Used", units.PercentUnit, eachMax(points, "\n"+indent(chosen.share("power_circuit"))+"\n"), loadColours()...),
			values("Power", units.Watt, eachMax(points, chosen.of("power_circuit_active_power_watts"))),
			values("Power factor", units.Number, eachMax(points, chosen.of("power_circuit_power_factor_ratio"))),
			values("Counter", units.KiloWattHour, eachMax(points, chosen.of("power_circuit_energy_joules_total"))+" / 3.6e6"),
		),
		graph(about{
			title: "Circuit current", unit: units.Ampere, width: 8, height: 8,
			text:  "Current of each circuit, with the limits that are set in the PDU, and the peak if the PDU streams.",
			empty: "The PDU does not report the current of circuits.",
		}, []ask{
			{chosen.of("power_circuit_current_amperes"), "{{circuit}} {{name}}"},
			{chosen.of("power_circuit_current_peak_amperes"), "{{circuit}} {{name}} peak"},
			{chosen.limits("power_circuit_current_limit_amperes", "circuit"), "{{circuit}} {{limit}}"},
		}, fromZero),
	}
}

func pduOutlets() []panel {
	points := "outlet, name"
	each := func(metric string) string { return eachMax(points, chosen.of(metric)) }
	return []panel{
		sheet(about{
			title: "Outlets", unit: units.Number, width: 24, height: 12,
			text:  "The newest readings of each outlet. The peak of PDUs that stream shows what was over before the next scrape. Relay says whether the outlet obeys, Voltage behind it whether there is any. Power is measured, or volts × amperes × power factor.",
			empty: "The PDU does not report outlets.",
		}, "+Outlet",
			labelsOf(eachMax("outlet, name, circuit, receptacle", chosen.of("power_outlet_info"))),
			label("Outlet", "outlet"), label("Name", "name"), label("Circuit", "circuit"), label("Socket", "receptacle"),
			values("State", units.Number, each("power_outlet_on"), named(onOrOff())...),
			values("Current", units.Ampere, each("power_outlet_current_amperes")),
			values("Peak", units.Ampere, each("power_outlet_current_peak_amperes")),
			values("Used", units.PercentUnit, eachMax(points, "\n"+indent(chosen.share("power_outlet"))+"\n"), loadColours()...),
			values("Power", units.Watt, eachMax(points, "\n"+indent(chosen.outletPower())+"\n")),
			values("Apparent power", units.VoltAmpere, each("power_outlet_apparent_power_voltamperes")),
			values("Voltage", units.Volt, each("power_outlet_voltage_volts")),
			values("Relay", units.Number, each("power_outlet_relay_healthy"), named(words(word{"failed", bad}, word{"good", good}))...),
			values("Voltage behind it", units.Number, each("power_outlet_voltage_present"), named(words(word{"no", idle}, word{"yes", good}))...),
			values("Rebooting", units.Number, each("power_outlet_reboot_pending"), named(words(word{"no", idle}, word{"yes", warning}))...),
			values("In use", units.Number, each("power_outlet_enabled"), named(words(word{"no", idle}, word{"yes", good}))...),
		),
		graph(about{
			title: "Outlet current", unit: units.Ampere, width: 12, height: 10,
			text:  "Current of each outlet.",
			empty: "The PDU does not report the current of outlets.",
		}, []ask{{chosen.of("power_outlet_current_amperes"), "{{outlet}} {{name}}"}}, fromZero, many),
		graph(about{
			title: "Outlet power", unit: units.Watt, width: 12, height: 10,
			text:  "Active power of each outlet: measured, or volts × amperes × power factor.",
			empty: "The PDU does not report the power of outlets.",
		}, []ask{{eachMax(points, "\n"+indent(chosen.outletPower())+"\n"), "{{outlet}} {{name}}"}}, fromZero, many),
	}
}

func pduSwitching() []panel {
	members := chosen.of("power_outlet_group_member")
	ofMembers := func(what string) string {
		return "sum by (" + byDevice + ", group, group_name) (\n" + indent(members+
			"\n* on ("+onDevice+", outlet) group_left ()\nsum by ("+onDevice+", outlet) (\n"+indent(what)+"\n)") + "\n)"
	}
	return []panel{
		timeline(about{
			title: "Outlets switched on", unit: units.Number, width: 16, height: 10,
			text:  "When each outlet was on.",
			empty: "The PDU does not switch outlets.",
		}, []ask{{chosen.of("power_outlet_on"), "{{outlet}} {{name}}"}}, onOrOff()),
		sheet(about{
			title: "Groups of outlets", unit: units.Number, width: 8, height: 10,
			text:  "Current and power of the outlets that are grouped in the PDU. An outlet in two groups counts in both.",
			empty: "The PDU has no groups of outlets.",
		}, "+Group",
			label("Group", "group", width(90)), label("Name", "group_name"),
			values("Outlets", units.Number, "count by ("+byDevice+", group, group_name) ("+members+")"),
			values("Current", units.Ampere, ofMembers(chosen.of("power_outlet_current_amperes"))),
			values("Power", units.Watt, ofMembers(chosen.outletPower())),
		),
		timeline(about{
			title: "Transfer switch", unit: units.Number, width: 6, height: 8,
			text:  "Which source fed the load, and which could have.",
			empty: "The PDU is no transfer switch.",
		}, []ask{
			{chosen.of("power_inlet_ats_active"), "{{ats_inlet}} {{name}} feeds"},
			{chosen.of("power_inlet_ats_ready"), "{{ats_inlet}} {{name}} ready"},
		}, words(word{"no", idle}, word{"yes", good})),
		graph(about{
			title: "Imbalance of lines", unit: units.PercentUnit, width: 6, height: 8,
			text:  "How far the current of the worst of three lines is from their mean, computed, or 1 less the balance that the PDU reports. 0 is even.",
			empty: "The PDU has no three lines with current.",
		}, []ask{
			{chosen.imbalance("inlet"), "inlet {{inlet}}"},
			{chosen.imbalance("circuit"), "circuit {{circuit}}"},
			{"1 - " + chosen.of("power_inlet_three_phase_balance_ratio"), "inlet {{inlet}} by the PDU"},
		}, fromZero),
		alarmTimeline(6, 8),
		deviceEvents(6, 8),
	}
}
