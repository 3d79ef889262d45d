package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// fleet is the dashboard to begin with. It asks for sums, and for those that
// stand out, so that it shows a thousand devices as well as ten.
func fleet() board {
	return board{
		name:      "fleet",
		title:     "Power: fleet overview",
		text:      "All devices at a glance: which are down, what needs attention, who takes how much power. The names of devices lead to their dashboards.",
		from:      "6h",
		variables: variables(),
		rows: []row{
			{title: "Now", panels: fleetNumbers()},
			{title: "What needs attention", panels: fleetAttention()},
			{title: "Power", panels: fleetPower()},
			{title: "Inventory", panels: fleetInventory()},
		},
	}
}

func fleetNumbers() []panel {
	return []panel{
		number(about{
			title: "Devices", unit: units.Number, width: 4, height: 4,
			text:  "How many devices are read, or push.",
			empty: "no device is reported",
		}, []ask{{expr: "count(" + every.of("power_device_up") + ")"}}),
		number(about{
			title: "Devices down", unit: units.Number, width: 4, height: 4,
			text:  "Devices that do not answer, are offline in their cloud, or no longer push. They have no readings.",
			empty: "no device is reported",
		}, []ask{{expr: "sum(" + every.of("power_device_up") + " == bool 0)"}}, coloursOf(noneIsGood())),
		number(about{
			title: "Targets not read", unit: units.Number, width: 4, height: 4,
			text:  "Targets of which a probe could not read everything. The dashboard of the exporter says which requests fail.",
			empty: "nothing is probed: all devices push",
		}, []ask{{expr: "sum(" + every.of("probe_success") + " == bool 0 and on (job, instance) " + every.of("power_probe_cached") + ")"}}, coloursOf(noneIsGood())),
		number(about{
			title: "UPSes on battery", unit: units.Number, width: 4, height: 4,
			text:  "UPSes that feed their load from the battery, for whatever reason: a test counts too.",
			empty: "no UPS reports its state",
		}, []ask{{expr: "sum(" + every.of("power_ups_state", `state="on_battery"`) + ")"}}, coloursOf(levels(good, level{1, warning}))),
		number(about{
			title: "Shortest battery runtime", unit: units.DurationSeconds, width: 4, height: 4,
			text:  "The battery that would be empty first if the mains failed now, at its present load.",
			empty: "no battery reports a runtime",
		}, []ask{{expr: "min(" + every.of("power_battery_runtime_seconds") + ")"}}, coloursOf(runtimeLevels())),
		number(about{
			title: "Alarms in devices", unit: units.Number, width: 4, height: 4,
			text:  "Triggers that somebody has set up in devices, and whose condition holds.",
			empty: "no device has triggers",
		}, []ask{{expr: "sum(" + every.of("power_alarm_active") + ")"}}, coloursOf(levels(good, level{1, warning}))),
	}
}

func fleetAttention() []panel {
	down := every.of("power_device_up") + " == 0"
	shortest := "bottomk(20, " + eachMax("", every.of("power_battery_runtime_seconds")) + ")"
	return []panel{
		sheet(about{
			title: "Devices that are down", unit: units.Number, width: 12, height: 8,
			text:  "Up to 50 devices that are down, and when they were last heard, if whoever was asked knows it.",
			empty: "No device is down.",
		}, "+Device", append(deviceColumns(toAny()...),
			labelsOf("topk(50, "+withInfo(down, every, "vendor, model, name")+")"),
			label("Vendor", "vendor"), label("Model", "model"), label("Name", "name"),
			values("Last heard", units.DateTimeFromNow, "(\n"+indent(ofThose(eachMax("", every.of("power_device_last_seen_timestamp_seconds")), "("+down+")"))+"\n) * 1000"),
		)...),
		sheet(about{
			title: "Alerts that fire", unit: units.Number, width: 12, height: 8,
			text:  "Alerts of rules/alerts.yml that fire now. Prometheus must have loaded that file; nothing else on the dashboards needs it.",
			empty: "No alert fires, or Prometheus has not loaded rules/alerts.yml.",
		}, "+Severity",
			labelsOf("topk(100, max by (severity, alertname, site, instance, device) ("+every.of("ALERTS", `alertname=~"Power.+"`, `alertstate="firing"`)+"))"),
			label("Severity", "severity", width(90)), label("Alert", "alertname"),
			label("Device", "device", linked(toAny()...)), label("Target", "instance"),
		),
		sheet(about{
			title: "Shortest battery runtimes", unit: units.Number, width: 12, height: 8,
			text:  "The 20 devices whose batteries would be empty first, at their present load.",
			empty: "No battery reports a runtime.",
		}, "+Runtime", append(deviceColumns(toDevice("ups", "This UPS")),
			values("Runtime", units.DurationSeconds, shortest, coloured(bad, level{300, warning}, level{600, good})...),
			values("Charge", units.PercentUnit, ofThose(eachMax("", every.of("power_battery_charge_ratio")), shortest)),
			values("Load", units.PercentUnit, ofThose(eachMax("", every.named("power_output(_line)?_load_ratio")), shortest), loadColours()...),
			values("On battery", units.Number, ofThose(eachMax("", every.of("power_ups_state", `state="on_battery"`)), shortest), named(yesIsOdd())...),
		)...),
		sheet(about{
			title: "Closest to their limit", unit: units.Number, width: 12, height: 8,
			text:  "The 20 devices that use most of what they may, each by its worst point: its current against the critical limit set in the device, else against its nominal current; or the load that the device tells.",
			empty: "No device reports a limit, a nominal current or a load.",
		}, "-Used", append(deviceColumns(toAny()...),
			label("What", "what", width(80)),
			label("Inlet", "inlet"), label("Output", "output"), label("Circuit", "circuit"), label("Outlet", "outlet"), label("Line", "line", width(60)), label("Name", "name"),
			values("Used", units.PercentUnit, "topk(20, topk by ("+onDevice+") (1,\n"+indent(
				`label_replace(`+every.share("power_(inlet|output|circuit|outlet)(_line)?")+`, "what", "current", "", "")`+
					"\nor label_replace("+every.named("power_(inlet|output|circuit|outlet)(_line)?_load_ratio")+`, "what", "load", "", "")`,
			)+"\n))", loadColours()...),
		)...),
		ranking(about{
			title: "Hottest sensors", unit: units.Celsius, width: 8, height: 9,
			text:  "The ten sensors with the highest temperature. Those inside of devices are warmer than those of rooms.",
			empty: "No device reports a temperature.",
		}, []ask{{"topk(10, " + eachMax("sensor, name", every.of("power_sensor_temperature_celsius")) + ")", "{{device}} {{sensor}} {{name}}"}}, temperatureLevels()),
		ranking(about{
			title: "Highest power", unit: units.Watt, width: 8, height: 9,
			text:  "The ten devices that take most. A UPS that only tells its load counts with that share of its nominal power.",
			empty: "No device reports its power.",
		}, []ask{{"topk(10,\n" + indent(every.power()) + "\n)", "{{device}} ({{instance}})"}}, levels(neutral)),
		sheet(about{
			title: "Newest events", unit: units.Number, width: 8, height: 9,
			text:  "The 20 kinds of event that devices pushed last, and how often each was counted.",
			empty: "No device has pushed an event.",
		}, "-When", append(deviceColumns(toAny()...), eventColumns(every)...)...),
	}
}

func fleetPower() []panel {
	return []panel{
		graph(about{
			title: "Power by site and kind", unit: units.Watt, width: 12, height: 9,
			text:  "What the devices of each kind take. The kinds must not be added up: a PDU behind a UPS takes what the UPS gives.",
			empty: "No device reports its power.",
		}, []ask{{"sum by (site, kind) (\n" + indent(withInfo(every.power(), every, "kind")) + "\n)", "{{site}} {{kind}}"}}, fromZero, coarse),
		graph(about{
			title: "Devices down by site", unit: units.Number, width: 12, height: 9,
			text:  "How many devices were down. Without the label site in the scrape configuration there is one line.",
			empty: "No device is reported.",
		}, []ask{{"sum by (site) (" + every.of("power_device_up") + " == bool 0)", "down {{site}}"}}, fromZero, coarse),
	}
}

func fleetInventory() []panel {
	return []panel{
		sheet(about{
			title: "Makes and models", unit: units.Number, width: 8, height: 12,
			text:  "How many devices there are of each make and model.",
			empty: "No device is reported.",
		}, "-Devices",
			label("Kind", "kind", width(70)), label("Vendor", "vendor"), label("Model", "model"),
			values("Devices", units.Number, "topk(200, count by (kind, vendor, model) ("+every.of("power_device_info")+"))"),
		),
		sheet(about{
			title: "All devices", unit: units.Number, width: 16, height: 12,
			text:  "Every device. Click on a header to sort, on a device for its dashboards. A device that is read in two ways is there twice, once for each target.",
			empty: "No device is reported.",
		}, "+Device", append(deviceColumns(toAny()...),
			labelsOf(eachMax("vendor, model, name, kind, location", every.of("power_device_info"))),
			values("State", units.Number, eachMax("", every.of("power_device_up")), append(named(upOrDown()), width(70))...),
			label("Kind", "kind", width(70)), label("Name", "name"), label("Vendor", "vendor"), label("Model", "model"), label("Location", "location"),
			values("Power", units.Watt, every.power()),
			values("Uptime", units.DurationSeconds, eachMax("", every.of("power_device_uptime_seconds"))),
		)...),
	}
}

// eventColumns are the columns of events that devices have pushed.
func eventColumns(s scope) []column {
	newest := "topk(20, " + eachMax("code, event", s.of("power_event_last_timestamp_seconds")) + ")"
	return []column{
		label("Event", "event"), label("Code", "code", width(60)),
		values("When", units.DateTimeFromNow, newest+" * 1000"),
		values("Count", units.Number, eachMax("code, event", s.of("power_events_total"))+"\nand on ("+onDevice+", code, event) "+newest, width(70)),
	}
}
