package main

import "strings"

// scope is the series that a dashboard is about, as matchers of its variables.
type scope string

const (
	every  scope = `job=~"$job", site=~"$site", instance=~"$instance"`
	chosen scope = every + `, device=~"$device"`
)

// What tells devices apart, and where they are. Two targets may have a device of
// the same id.
const (
	byDevice = "job, site, instance, device"
	onDevice = "job, instance, device"
)

// of selects the series of a metric.
func (s scope) of(metric string, matchers ...string) string {
	return metric + "{" + strings.Join(append([]string{string(s)}, matchers...), ", ") + "}"
}

// named selects the series of all metrics that a regular expression matches.
func (s scope) named(pattern string, matchers ...string) string {
	return `{__name__=~"` + pattern + `", ` + strings.Join(append([]string{string(s)}, matchers...), ", ") + "}"
}

// narrowed selects by the first n matchers, for variables that depend on those
// before them.
func (s scope) narrowed(metric string, n int) string {
	matchers := strings.Split(string(s), ", ")[:n]
	if n == 0 {
		return metric
	}
	return metric + "{" + strings.Join(matchers, ", ") + "}"
}

// outletPower is the power of each outlet in watts: as measured, or volts times
// amperes times power factor. Direct current has no power factor.
func (s scope) outletPower() string {
	return s.of("power_outlet_active_power_watts") +
		"\nor " + s.of("power_outlet_voltage_volts") + " * " + s.of("power_outlet_current_amperes") + " * abs(" + s.of("power_outlet_power_factor_ratio") + ")" +
		"\nor " + s.direct()
}

// direct is the power of each outlet of direct current in watts.
func (s scope) direct() string {
	return s.of("power_outlet_voltage_volts") + " * " + s.of("power_outlet_current_amperes") +
		" and on (" + onDevice + ") " + s.of("power_device_info", `vendor="PowerSentrix"`)
}

// power is the power of each device in watts: of its inlets, else outputs, else
// circuits, else outlets if each tells, else its load times its nominal power.
// It leaves out outlets whose watts would have to be computed from a power
// factor: of a thousand devices that takes as long as all the rest.
func (s scope) power() string {
	sum := func(what string) string { return "sum by (" + byDevice + ") (" + what + ")" }
	count := func(metric string) string { return "count by (" + byDevice + ") (" + s.of(metric) + ")" }
	return sum(s.of("power_inlet_active_power_watts")) +
		"\nor " + sum(s.of("power_output_active_power_watts")) +
		"\nor " + sum(s.of("power_circuit_active_power_watts")) +
		"\nor (\n" + indent(sum(s.of("power_outlet_active_power_watts"))+
		"\nunless "+count("power_outlet_current_amperes")+" > "+count("power_outlet_active_power_watts")) + "\n)" +
		"\nor " + sum(s.direct()) +
		"\nor " + sum(s.of("power_output_load_ratio")+" * "+s.of("power_output_active_power_nominal_watts"))
}

// energy is the energy of each device in kWh over a time, by its counters: of
// its inlets, else the device, else circuits, else outlets.
func (s scope) energy(time string) string {
	sum := func(metric string) string { return "sum by (" + byDevice + ") (increase(" + s.of(metric) + time + "))" }
	return "(\n" + indent(
		sum("power_inlet_energy_joules_total")+
			"\nor "+sum("power_device_energy_joules_total")+
			"\nor "+sum("power_device_lifetime_energy_joules_total")+
			"\nor "+sum("power_circuit_energy_joules_total")+
			"\nor "+sum("power_outlet_energy_joules_total"),
	) + "\n) / 3.6e6"
}

// share is how much of its limit each point uses: of the critical limit of its
// current that is set in the device, else of its nominal current.
func (s scope) share(point string) string {
	return s.named(point+"_current_amperes") + "\n/ (\n" + indent(
		"sum without (limit) ("+s.named(point+"_current_limit_amperes", `limit="high_critical"`)+" > 0)"+
			"\nor "+s.named(point+"_current_nominal_amperes")+" > 0",
	) + "\n)"
}

// limits are the limits that are set in devices, the strictest of all lines.
func (s scope) limits(pattern, by string) string {
	return "min by (" + by + ", limit) (" + s.named(pattern, `limit=~"high_.+"`) + ")" +
		"\nor max by (" + by + ", limit) (" + s.named(pattern, `limit=~"low_.+"`) + ")"
}

// imbalance is how far the worst of three lines of a point is from their mean.
func (s scope) imbalance(point string) string {
	lines := s.of("power_"+point+"_line_current_amperes", `line=~"L[123]"`)
	return "max without (line) (abs(\n" + indent(lines+"\n- ignoring (line) group_left () avg without (line) ("+lines+")") + "\n))" +
		"\n/ (avg without (line) (" + lines + ") > 0)" +
		"\nand count without (line) (" + lines + ") == 3"
}

// withInfo adds what is known of a device to the labels of a series of it.
func withInfo(expr string, s scope, labels string) string {
	return "(\n" + indent(expr) + "\n)" +
		"\n* on (" + onDevice + ") group_left (" + labels + ")" +
		"\ngroup by (" + onDevice + ", " + labels + ") (" + s.of("power_device_info") + ")"
}

// most keeps the n series that were highest within the time that is shown, so
// that a graph of a large fleet stays readable, and its lines whole.
func most(n, selector string) string {
	return selector + "\nand topk(" + n + ", max_over_time(" + selector + "[$__range] @ end()))"
}

// indent moves an expression that stands within another one.
func indent(expr string) string {
	return "  " + strings.ReplaceAll(expr, "\n", "\n  ")
}

// of each device, and of each of its parts if labels name them.
func eachMax(labels, expr string) string {
	if labels != "" {
		labels = ", " + labels
	}
	return "max by (" + byDevice + labels + ") (" + expr + ")"
}

// ofThose keeps what is of the devices of another expression.
func ofThose(expr, those string) string {
	return expr + "\nand on (" + onDevice + ") " + those
}
