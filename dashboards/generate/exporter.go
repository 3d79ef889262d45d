package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// exporter is the dashboard of the exporter itself, and of how it gets on with
// devices.
func exporter() board {
	series := `{__name__=~"power_exporter_config_last_reload_successful|power_probe_cached"`
	return board{
		name:  "exporter",
		title: "Power: exporter health",
		text:  "Whether the exporter and its probes work: which targets fail and why, what is slow, what is old, and who pushes.",
		from:  "6h",
		variables: []dashboard.VariableModel{
			datasource(),
			labelValues("job", "Job", "The jobs that scrape the exporter: its probes, and its own metrics.", series+"}", listed),
			labelValues("instance", "Target", "What was probed, or the exporter itself.", series+`, job=~"$job"}`, listed),
		},
		rows: []row{
			{title: "Now", panels: exporterNumbers()},
			{title: "What fails", panels: exporterFailures()},
			{title: "Probes", panels: exporterProbes()},
			{title: "Age of readings", panels: exporterAges()},
			{title: "Pushes", panels: exporterPushes()},
			{title: "The process", panels: exporterProcess()},
		},
	}
}

// jobs is the scope of the exporter's own dashboard, which knows no sites.
const jobs scope = `job=~"$job", instance=~"$instance"`

// ours keeps the series of targets that this exporter has probed.
func ours(expr string) string {
	return expr + " and on (job, instance) " + jobs.of("power_probe_cached")
}

func exporterNumbers() []panel {
	own := "power_exporter_config_last_reload_successful"
	return []panel{
		number(about{
			title: "Scrapes that fail", unit: units.Number, width: 4, height: 4,
			text:  "Targets for which Prometheus gets nothing from the exporter: it is down, or does not answer in time.",
			empty: "nothing is scraped",
		}, []ask{{"sum(" + jobs.of("up") + " == bool 0)", "fail"}}, coloursOf(noneIsGood())),
		number(about{
			title: "Targets not read", unit: units.Number, width: 4, height: 4,
			text:  "Targets of which a probe could not read everything.",
			empty: "nothing is probed",
		}, []ask{{"sum(" + ours(jobs.of("probe_success")+" == bool 0") + ")", "not read"}}, coloursOf(noneIsGood())),
		number(about{
			title: "Configuration", unit: units.Number, width: 4, height: 4,
			text:  "Whether the configuration was loaded the last time it was tried. If not, the one before is still in use, and the log says what is wrong.",
			empty: "the exporter's /metrics is not scraped",
		}, []ask{{"min(" + jobs.of(own) + ")", "configuration"}}, statesOf(words(word{"failed", bad}, word{"loaded", good}))),
		number(about{
			title: "Configuration loaded", unit: units.DateTimeFromNow, width: 4, height: 4,
			text:  "When the configuration was last loaded successfully.",
			empty: "the exporter's /metrics is not scraped",
		}, []ask{{"min(" + jobs.of("power_exporter_config_last_reload_success_timestamp_seconds") + ") * 1000", "loaded"}}),
		number(about{
			title: "Panics", unit: units.Number, width: 4, height: 4,
			text:  "Bugs that the exporter has caught in the time that is shown. Each one is worth a report.",
			empty: "the exporter's /metrics is not scraped",
		}, []ask{{"sum(increase(" + jobs.of("power_exporter_panics_total") + "[$__range]))", "panics"}}, coloursOf(noneIsGood())),
		number(about{
			title: "Under way", unit: units.Number, width: 4, height: 4,
			text:  "Probes and pushes that were under way when the exporter was scraped.",
			empty: "the exporter's /metrics is not scraped",
		}, []ask{
			{"sum(" + jobs.of("power_exporter_probes_in_flight") + ")", "probes"},
			{"sum(" + jobs.of("power_exporter_pushes_in_flight") + ")", "pushes"},
		}),
	}
}

func exporterFailures() []panel {
	return []panel{
		sheet(about{
			title: "Targets not read completely", unit: units.Number, width: 10, height: 8,
			text:  "Up to 100 targets of which not everything could be read. Open /probe?target=…&debug=true of the exporter to see why.",
			empty: "Everything was read.",
		}, "+Target",
			labelsOf("topk(100, "+ours(jobs.of("probe_success")+" == 0")+")"),
			label("Target", "instance"), label("Job", "job"),
			values("Duration", units.Seconds, ours(jobs.of("probe_duration_seconds"))+" and on (job, instance) "+jobs.of("probe_success")+" == 0"),
		),
		sheet(about{
			title: "Requests that fail", unit: units.Number, width: 14, height: 8,
			text:  "Up to 100 requests to targets that did not succeed in the last probe.",
			empty: "No request fails.",
		}, "+Target",
			labelsOf("topk(100, "+jobs.of("power_probe_request_success")+" == 0)"),
			label("Target", "instance"), label("Request", "request"),
			values("Duration", units.Seconds, jobs.of("power_probe_request_duration_seconds")+" and on (job, instance, request) "+jobs.of("power_probe_request_success")+" == 0"),
		),
	}
}

// quantiles are the durations that half, and 95 and 99 %, did not exceed.
func quantiles(metric, by string) []ask {
	var asks []ask
	for _, q := range []struct{ value, name string }{{"0.5", "half"}, {"0.95", "95 %"}, {"0.99", "99 %"}} {
		asks = append(asks, ask{
			"histogram_quantile(" + q.value + ", sum by (le, " + by + ") (rate(" + jobs.of(metric+"_bucket") + "[$__rate_interval])))",
			"{{" + by + "}} " + q.name,
		})
	}
	return asks
}

func exporterProbes() []panel {
	rate := func(metric, by string, matchers ...string) string {
		return "sum by (" + by + ") (rate(" + jobs.of(metric, matchers...) + "[$__rate_interval]))"
	}
	return []panel{
		graph(about{
			title: "Probes by result", unit: units.RequestsPerSecond, width: 8, height: 8,
			text:  "Probes a second. A refused one was asked wrongly: the answer was 400 or 403, and no device was asked.",
			empty: "The exporter's /metrics is not scraped, or nothing was probed yet.",
		}, []ask{{rate("power_exporter_probes_total", "result"), "{{result}}"}}, stacked, results),
		graph(about{
			title: "Probes that fail, by module", unit: units.PercentUnit, width: 8, height: 8,
			text:  "Share of the probes of each module that could not read everything.",
			empty: "The exporter's /metrics is not scraped, or nothing was probed yet.",
		}, []ask{{rate("power_exporter_probes_total", "module", `result="failure"`) + "\n/ (" + rate("power_exporter_probes_total", "module") + " > 0)", "{{module}}"}}, fromZero),
		graph(about{
			title: "Duration of probes, by module", unit: units.Seconds, width: 8, height: 8,
			text:  "How long probes took that were not refused: at most so long for half of them, for 95 % and for 99 %.",
			empty: "The exporter's /metrics is not scraped, or nothing was probed yet.",
		}, quantiles("power_exporter_probe_duration_seconds", "module"), fromZero),
		sheet(about{
			title: "Slowest targets", unit: units.Number, width: 8, height: 9,
			text:  "The 20 targets whose last probe took longest.",
			empty: "Nothing is probed.",
		}, "-Duration",
			label("Target", "instance"), label("Job", "job"),
			values("Duration", units.Seconds, "topk(20, "+ours(jobs.of("probe_duration_seconds"))+")"),
		),
		sheet(about{
			title: "Slowest requests", unit: units.Number, width: 8, height: 9,
			text:  "The 20 requests to targets that took longest in the last probe.",
			empty: "Nothing is probed.",
		}, "-Duration",
			label("Target", "instance"), label("Request", "request"),
			values("Duration", units.Seconds, "topk(20, "+jobs.of("power_probe_request_duration_seconds")+")"),
		),
		graph(about{
			title: "Probes answered with another's reading", unit: units.PercentUnit, width: 8, height: 9,
			text:  "Share of the probes of each module that were answered with the reading of another probe of the same target, made at the same time or cached.",
			empty: "The exporter's /metrics is not scraped, or nothing was probed yet.",
		}, []ask{{rate("power_exporter_probes_coalesced_total", "module") + "\n/ (" + rate("power_exporter_probes_total", "module") + " > 0)", "{{module}}"}}, fromZero),
	}
}

func exporterAges() []panel {
	return []panel{
		sheet(about{
			title: "Oldest readings", unit: units.Number, width: 8, height: 9,
			text:  "The 20 devices with the oldest readings, where they were not taken when they were asked for.",
			empty: "All readings were taken when they were asked for.",
		}, "-Age", append(deviceColumns(),
			values("Age", units.DurationSeconds, "topk(20, max by (instance, device) ("+jobs.of("power_device_reading_age_seconds")+"))", coloured(good, level{900, warning})...),
		)...),
		sheet(about{
			title: "Longest not heard", unit: units.Number, width: 8, height: 9,
			text:  "The 20 devices that push, or are known to a cloud, that were heard longest ago.",
			empty: "No device pushes, and none is behind a cloud.",
		}, "-Silent for", append(deviceColumns(),
			values("Silent for", units.DurationSeconds, "topk(20, max by (instance, device) (time() - "+jobs.of("power_device_last_seen_timestamp_seconds")+"))", coloured(good, level{600, warning})...),
		)...),
		sheet(about{
			title: "Streams", unit: units.Number, width: 4, height: 9,
			text:  "Devices whose stream is wanted. While one is silent its readings are fetched, and peaks are missing. Silent ones come first.",
			empty: "No module wants a stream.",
		}, "+Stream",
			label("Device", "device"),
			values("Stream", units.Number, "bottomk(50, max by (instance, device) ("+jobs.of("power_device_streamed")+"))", named(words(word{"silent", warning}, word{"heard", good}))...),
		),
		sheet(about{
			title: "Cached readings", unit: units.Number, width: 4, height: 9,
			text:  "The 20 targets whose last probe was answered with the oldest reading of another probe.",
			empty: "Every probe made its own reading.",
		}, "-Age",
			label("Target", "instance"),
			values("Age", units.DurationSeconds, "topk(20, "+jobs.of("power_probe_age_seconds")+" and on (job, instance) "+jobs.of("power_probe_cached")+" == 1)"),
		),
	}
}

func exporterPushes() []panel {
	return []panel{
		graph(about{
			title: "Pushes by result", unit: units.RequestsPerSecond, width: 8, height: 8,
			text:  "Requests a second to the listener for pushes, by whether they were accepted, or why not.",
			empty: "The exporter's /metrics is not scraped, or no receiver is configured.",
		}, []ask{{"sum by (receiver, result) (rate(" + jobs.of("power_exporter_pushes_total") + "[$__rate_interval])) > 0", "{{receiver}} {{result}}"}}, stacked, results),
		graph(about{
			title: "Duration of pushes", unit: units.Seconds, width: 8, height: 8,
			text:  "How long requests to the listener for pushes took: at most so long for half of them, for 95 % and for 99 %.",
			empty: "The exporter's /metrics is not scraped, or nobody has pushed yet.",
		}, quantiles("power_exporter_push_duration_seconds", "receiver"), fromZero),
		graph(about{
			title: "Objects of PowerPulse that were mixed", unit: units.Number, width: 8, height: 8,
			text:  "UPSes that PowerPulse showed with the readings of another one, and that were left out for that: how many in each interval. Read such a server with the collector nut.",
			empty: "The exporter's /metrics is not scraped.",
		}, []ask{{"sum(increase(" + jobs.of("power_exporter_powerpulse_mixed_objects_total") + "[$__rate_interval]))", "mixed"}}, fromZero),
	}
}

func exporterProcess() []panel {
	own := func(metric string) string {
		return jobs.of(metric) + " and on (job, instance) " + jobs.of("power_exporter_config_last_reload_successful")
	}
	reading := func(title, unit, text string, asks ...ask) panel {
		return graph(about{
			title: title, unit: unit, width: 6, height: 8, text: text,
			empty: "The exporter's /metrics is not scraped.",
		}, asks, fromZero)
	}
	return []panel{
		reading("Processor", units.Number, "Processors that the exporter kept busy: 1 is one whole.",
			ask{"rate(" + jobs.of("process_cpu_seconds_total") + "[$__rate_interval]) and on (job, instance) " + jobs.of("power_exporter_config_last_reload_successful"), "{{instance}}"}),
		reading("Memory", units.BytesIEC, "Memory of the process, and that of it in which Go keeps objects.",
			ask{own("process_resident_memory_bytes"), "{{instance}} resident"}, ask{own("go_memstats_heap_inuse_bytes"), "{{instance}} heap"}),
		reading("Files and goroutines", units.Number, "Open files, which connections are too, and goroutines. Numbers that only rise are a leak.",
			ask{own("process_open_fds"), "{{instance}} files"}, ask{own("go_goroutines"), "{{instance}} goroutines"}),
		reading("Series and scrapes", units.Number, "How many series Prometheus gets from all targets together, and how many targets there are.",
			ask{"sum(" + jobs.of("scrape_samples_scraped") + ")", "series"}, ask{"count(" + jobs.of("up") + ")", "targets"}),
	}
}
