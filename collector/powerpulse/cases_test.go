package powerpulse

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/collector/nut"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// TestCases reads every folder of testdata/cases through a server that lists its
// systems.json, with a log-in and as a kiosk, and compares the metrics with those
// in the folder. A UPS that is mapped wrongly becomes a folder of its own: put
// PowerPulse's answer into systems.json.
func TestCases(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(folder, "systems.json"))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, filepath.Join(folder, "metrics.prom"), systems(string(text)), nut.Natives{Export: true})
		})
	}
}

// TestSimulated does the same for the models of the simulator.
func TestSimulated(t *testing.T) {
	t.Parallel()
	for _, name := range powerpulsesim.Models() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compare(t, filepath.Join("testdata/simulated", name+".prom"), powerpulsesim.MustRecorded(name), nut.Natives{})
		})
	}
}

// compare reads a model in both ways and compares the metrics with the file.
func compare(t *testing.T, file string, model powerpulsesim.Model, natives nut.Natives) {
	t.Helper()
	for _, way := range []func(*Options){func(*Options) {}, kiosk} {
		c, _ := start(t, powerpulsesim.Options{}, model, way, func(o *Options) { o.Natives = natives })
		devices := mustCollect(t, c)
		for _, mended := range power.Validate(devices) {
			t.Errorf("mended: %v", mended)
		}
		golden.Metrics(t, file, exposition.NewCollector(devices))
	}
}

// TestRawVariablesAreNUTs shows that a UPS whose NUT variables PowerPulse passes
// on has the metrics that it has when its NUT server is read directly.
func TestRawVariablesAreNUTs(t *testing.T) {
	t.Parallel()
	c, _ := start(t, powerpulsesim.Options{}, powerpulsesim.MustRecorded("raw"))
	devices := mustCollect(t, c)
	power.Validate(devices)
	for i, direct := range []struct{ id, device string }{
		{"homelab@1", "homelab"}, {"branch@2", "onbattery"}, {"hall2@3", "rack3ph"},
	} {
		d := devices[i]
		if d.ID != direct.id {
			t.Fatalf("device %d is %s, want %s", i, d.ID, direct.id)
		}
		want, err := os.ReadFile("../nut/testdata/simulated/" + direct.device + ".prom")
		if err != nil {
			t.Fatal(err)
		}
		// Its owner has named it in PowerPulse, and not in ups.conf.
		d.ID, d.Name = direct.device, ""
		if direct.device == "rack3ph" {
			d.Name = "Room 2 UPS A"
		}
		got := golden.Gather(t, exposition.NewCollector([]power.Device{d}))
		if diff := cmp.Diff(series(string(want)), series(got)); diff != "" {
			t.Errorf("%s differs from what NUT says of it (-NUT +PowerPulse):\n%s", direct.id, diff)
		}
	}
}

// series are the samples of a text, without its comments.
func series(text string) []string {
	var found []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			found = append(found, line)
		}
	}
	return found
}

// TestDetailsAgreeWithNUT shows that the details of a UPS become the same metrics
// as its NUT variables, for as much as they tell.
func TestDetailsAgreeWithNUT(t *testing.T) {
	t.Parallel()
	metrics := func(text string) []string {
		c, _ := start(t, powerpulsesim.Options{}, systems(text))
		return series(golden.Gather(t, exposition.NewCollector(mustCollect(t, c))))
	}
	raw := string(powerpulsesim.MustRecorded("raw").Systems)
	direct := metrics(raw)
	told := metrics(strings.ReplaceAll(raw, `"rawVariables"`, `"ignored"`))
	var differ []string
	for _, line := range told {
		if !slices.Contains(direct, line) {
			differ = append(differ, line)
		}
	}
	want := []string{
		// No battery.date.
		`power_battery_info{battery="1",device="branch@2",kind="PbAc",manufactured="",name="",replaced=""} 1` + "\n",
		`power_battery_info{battery="1",device="hall2@3",kind="PbAc",manufactured="2023/10/14",name="",replaced=""} 1` + "\n",
		`power_battery_info{battery="1",device="homelab@1",kind="PbAc",manufactured="2024/06/21",name="",replaced=""} 1` + "\n",
		// No firmware and no location.
		`power_device_info{device="branch@2",firmware="",hardware="",kind="ups",location="",model="5P 1550i",name="",serial="P351K2209T",vendor="EATON"} 1` + "\n",
		`power_device_info{device="hall2@3",firmware="",hardware="",kind="ups",location="",model="Trident 40K",name="Hall 2",serial="NMT40-2311-00728",vendor="Nordmark Power"} 1` + "\n",
		`power_device_info{device="homelab@1",firmware="",hardware="",kind="ups",location="",model="Back-UPS RS 1100S",name="Homelab",serial="5S2207X61840",vendor="American Power Conversion"} 1` + "\n",
		// 71.8 %, which PowerPulse rounds.
		`power_output_load_ratio{device="hall2@3",name="",output="1"} 0.72` + "\n",
	}
	if diff := cmp.Diff(want, differ); diff != "" {
		t.Errorf("what the details tell otherwise than NUT (-want +got):\n%s", diff)
	}
	if len(told) < 90 {
		t.Errorf("only %d series", len(told))
	}
}
