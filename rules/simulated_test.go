package rules

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// simulated are the alerts about the devices of other packages' tests, after an
// hour in which nothing changes: the file with the metrics of a device, and the
// alerts with their severities. The devices are of all kinds, so that an alert
// which does not expect what some device tells, or does not tell, is found here.
var simulated = map[string][]string{
	"collector/ems/testdata/simulated/site.prom":   nil,
	"collector/ems/testdata/simulated/manual.prom": {"PowerDeviceDown critical"},

	"collector/nut/testdata/simulated/epdu.prom":    {"PowerPhaseImbalance warning", "PowerTemperatureHigh warning"},
	"collector/nut/testdata/simulated/homelab.prom": nil,
	"collector/nut/testdata/simulated/onbattery.prom": {
		"PowerBatteryChargeLow warning", "PowerBatteryTemperatureHigh critical", "PowerBatteryTemperatureHigh warning",
		"PowerLowBattery critical", "PowerOnBattery warning", "PowerReplaceBattery warning",
		"PowerRuntimeShort critical", "PowerRuntimeShort warning", "PowerUpsAlarm warning",
	},
	"collector/nut/testdata/simulated/rack3ph.prom":             {"PowerTemperatureHigh warning"},
	"collector/nut/testdata/simulated/stale.prom":               {"PowerDeviceDown critical"},
	"collector/nut/testdata/cases/daisy-chain/metrics.prom":     nil,
	"collector/nut/testdata/cases/transfer-switch/metrics.prom": {"PowerAtsOnSecondary warning"},

	"internal/synlink/testdata/simulated/ats.prom":      nil,
	"internal/synlink/testdata/simulated/delta.prom":    nil,
	"internal/synlink/testdata/simulated/dual.prom":     nil,
	"internal/synlink/testdata/simulated/iohub.prom":    {"PowerAlarmActive warning"},
	"internal/synlink/testdata/simulated/manual.prom":   nil,
	"internal/synlink/testdata/simulated/metered.prom":  nil,
	"internal/synlink/testdata/simulated/rack36.prom":   {"PowerAlarmActive warning"},
	"internal/synlink/testdata/simulated/single8.prom":  {"PowerAlarmActive warning"},
	"internal/synlink/testdata/simulated/switched.prom": {"PowerAlarmActive warning"},
	"internal/synlink/testdata/simulated/tripped.prom":  {"PowerAlarmActive warning", "PowerBreakerOpen critical"},
	"internal/synlink/testdata/simulated/wye.prom":      {"PowerAlarmActive warning"},

	"internal/powersentrix/testdata/cases/document/metrics.prom":       nil,
	"internal/powersentrix/testdata/cases/portal-offline/metrics.prom": {"PowerDeviceDown critical"},
	"internal/powersentrix/testdata/cases/two-supplies/metrics.prom":   nil,
}

var sample = regexp.MustCompile(`(?m)^([a-z_]+)(?:\{(.*)\})? (\S+)$`)

// TestSimulatedDevices compares the alerts about simulated devices with those
// that are expected.
func TestSimulatedDevices(t *testing.T) {
	t.Parallel()
	type pair struct {
		Series string `yaml:"series"`
		Values string `yaml:"values"`
	}
	type expected struct {
		Labels string  `yaml:"labels"`
		Value  float64 `yaml:"value"`
	}
	var series []pair
	alerts := []expected{}
	for _, file := range slices.Sorted(maps.Keys(simulated)) {
		target := fmt.Sprintf("job=%q,instance=%q", "power", file)
		add := func(metric, labels, value string) {
			labels = strings.TrimSuffix(target+","+labels, ",")
			series = append(series, pair{Series: metric + "{" + labels + "}", Values: value + "x70"})
		}
		add("up", "", "1")
		add("probe_success", "", "1")
		add("power_probe_cached", "", "0")
		samples := sample.FindAllStringSubmatch(read(t, filepath.Join("..", file)), -1)
		if len(samples) == 0 {
			t.Errorf("%s has no metrics", file)
		}
		for _, m := range samples {
			add(m[1], m[2], m[3])
		}
		for _, alert := range simulated[file] {
			name, severity, _ := strings.Cut(alert, " ")
			alerts = append(alerts, expected{fmt.Sprintf("{alertname=%q,instance=%q,severity=%q}", name, file, severity), 1})
		}
	}
	rule, err := filepath.Abs("alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	test, err := yaml.Marshal(map[string]any{
		"rule_files":          []string{rule},
		"evaluation_interval": "1m",
		"tests": []any{map[string]any{
			"interval":     "1m",
			"input_series": series,
			"promql_expr_test": []any{map[string]any{
				"expr":        `group by (alertname, instance, severity) (ALERTS{alertstate="firing"})`,
				"eval_time":   "60m",
				"exp_samples": alerts,
			}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "simulated.yml")
	if err := os.WriteFile(path, test, 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "test", "rules", path)
}
