package exposition

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
)

// exported is every family there is, as a scrape gets it.
func exported(t *testing.T) []*dto.MetricFamily {
	t.Helper()
	return slices.Concat(gatherDevices(t, everything(t)), gather(t, everyProbe()), gather(t, usedSelf()))
}

// Nothing is accepted of what promlint finds.
func TestPromlint(t *testing.T) {
	problems, err := promlint.NewWithMetricFamilies(exported(t)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// units are what the name of a family may end in.
var units = []string{
	"_volts", "_amperes", "_hertz", "_watts", "_voltamperes", "_voltamperes_reactive", "_joules_total",
	"_celsius", "_ratio", "_seconds", "_bytes", "_info",
}

// withoutUnit are the families that end in no unit, each for a reason.
var withoutUnit = []string{
	// Booleans, named for the true case.
	"power_device_up",
	"power_device_streamed",
	"power_device_surge_protection_active",
	"power_device_pairing_needed",
	"power_inlet_ats_active",
	"power_inlet_ats_ready",
	"power_circuit_breaker_closed",
	"power_outlet_on",
	"power_outlet_enabled",
	"power_outlet_relay_healthy",
	"power_outlet_voltage_present",
	"power_outlet_reboot_pending",
	"power_outlet_group_member",
	"power_ups_state",
	"power_sensor_supply_on",
	"power_sensor_switch_on",
	"power_sensor_input_high",
	"power_sensor_relay_closed",
	"power_alarm_active",
	"probe_success",
	"power_probe_cached",
	"power_probe_credentials_refused",
	"power_probe_request_success",
	"power_exporter_config_last_reload_successful",
	// Numbers of things.
	"power_device_active_outlets",
	"power_device_enabled_outlets",
	"power_events_total",
	"power_exporter_probes_total",
	"power_exporter_probes_coalesced_total",
	"power_exporter_panics_total",
	"power_exporter_probes_in_flight", "power_exporter_pushes_in_flight", "power_exporter_pushes_total", "power_exporter_powerpulse_mixed_objects_total",
	// The unit is the device's own.
	"power_event_last_value",
	"power_native_reading",
}

func TestNames(t *testing.T) {
	legacy := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	unused := slices.Clone(withoutUnit)
	for _, f := range all() {
		if !legacy.MatchString(f.name) {
			t.Errorf("%s is no legacy name in snake case", f.name)
		}
		if !strings.HasPrefix(f.name, "power_") && !strings.HasPrefix(f.name, "probe_") {
			t.Errorf("%s starts with neither power_ nor probe_", f.name)
		}
		if (f.typ == counter) != strings.HasSuffix(f.name, "_total") {
			t.Errorf("%s is a %s: counters end in _total and nothing else does", f.name, f.typ)
		}
		hasUnit := slices.ContainsFunc(units, func(unit string) bool { return strings.HasSuffix(f.name, unit) })
		if hasUnit == slices.Contains(withoutUnit, f.name) {
			t.Errorf("%s: a name either ends in a unit of this test's list or is in its list of those without; ends in one: %v", f.name, hasUnit)
		}
		unused = slices.DeleteFunc(unused, func(name string) bool { return name == f.name })
		for _, l := range f.labels {
			if !legacy.MatchString(l) {
				t.Errorf("label %s of %s is no legacy name in snake case", l, f.name)
			}
			if l == "type" {
				t.Errorf("%s has a label named type, which says nothing", f.name)
			}
		}
	}
	if len(unused) > 0 {
		t.Errorf("families in the list of those without a unit that do not exist: %q", unused)
	}
}

func TestHelp(t *testing.T) {
	unit := map[string]string{
		"_volts": "volts", "_amperes": "amperes", "_hertz": "hertz", "_watts": "watts", "_voltamperes": "volt-amperes",
		"_voltamperes_reactive": "volt-amperes reactive", "_joules_total": "joules", "_celsius": "degrees Celsius",
		"_ratio": "ratio", "_seconds": "seconds", "_bytes": "bytes",
	}
	sentence := regexp.MustCompile(`^[A-Z0-9][^\n]*[a-z*0-9)]\.$`)
	for _, s := range sections() {
		for _, f := range s.families {
			if !sentence.MatchString(f.help) || strings.Contains(f.help, "%!") {
				t.Errorf("HELP of %s is no sentence: %s", f.name, f.help)
			}
			for suffix, word := range unit {
				if strings.HasSuffix(f.name, suffix) && !strings.Contains(f.help, word) {
					t.Errorf("HELP of %s does not say %q: %s", f.name, word, f.help)
				}
			}
			if s.title != "Probe" && s.title != "Exporter" && !strings.HasSuffix(f.help, ").") {
				t.Errorf("HELP of %s does not end in its sources: %s", f.name, f.help)
			}
		}
	}
}

// The order of labels is the same everywhere, though a scrape sorts them: the
// reference shows it.
func TestLabels(t *testing.T) {
	for _, f := range all() {
		if strings.HasPrefix(f.name, "power_probe_") || strings.HasPrefix(f.name, "probe_") || strings.HasPrefix(f.name, "power_exporter_") {
			continue
		}
		if f.labels[0] != "device" {
			t.Errorf("the first label of %s is %s, want device", f.name, f.labels[0])
		}
		if i := slices.Index(f.labels, "name"); i >= 0 && i != len(f.labels)-1 && !strings.HasSuffix(f.name, "_info") {
			t.Errorf("name is not the last label of %s: %q", f.name, f.labels)
		}
		if i := slices.Index(f.labels, limitLabel); (i >= 0) != strings.Contains(f.name, "_limit_") || (i >= 0 && i != len(f.labels)-2) {
			t.Errorf("%s has the labels %q: a limit stands before the name, and on limits only", f.name, f.labels)
		}
	}
}

// all is every family of the reference.
func all() []*family {
	var families []*family
	for _, s := range sections() {
		families = append(families, s.families...)
	}
	return families
}
