package nut

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/collector"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// TestCases reads every folder of testdata/cases through a server that serves
// its .dev files, one UPS each, and compares the metrics with those in the
// folder. A device that is mapped wrongly becomes a folder of its own: put the
// output of "upsc" into a .dev file.
func TestCases(t *testing.T) {
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(folder, "*.dev"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no .dev files: %v", err)
			}
			var units []nutsim.UPS
			for _, file := range files {
				f, err := os.Open(file)
				if err != nil {
					t.Fatal(err)
				}
				unit, err := nutsim.ReadDevice(f)
				_ = f.Close()
				if err != nil {
					t.Fatal(err)
				}
				unit.Name = strings.TrimSuffix(filepath.Base(file), ".dev")
				units = append(units, unit)
			}
			compare(t, filepath.Join(folder, "metrics.prom"), units, Natives{Export: true})
		})
	}
}

// TestSimulatedDevices does the same for the devices of the simulator, which
// are what a newcomer sees first.
func TestSimulatedDevices(t *testing.T) {
	for _, name := range nutsim.Devices() {
		t.Run(name, func(t *testing.T) {
			unit, err := nutsim.Device(name)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, filepath.Join("testdata/simulated", name+".prom"), []nutsim.UPS{unit}, Natives{})
		})
	}
}

// compare reads the units and compares their metrics with the file.
func compare(t *testing.T, file string, units []nutsim.UPS, natives Natives) {
	t.Helper()
	_, address := nutsim.Start(t, nutsim.Options{}, units...)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	devices, err := New(Options{Address: address, Natives: natives}, collector.NewGate(1)).Collect(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, mended := range power.Validate(devices) {
		t.Errorf("mended: %v", mended)
	}
	golden.Metrics(t, file, exposition.NewCollector(devices))
}

// TestNatives checks which variables become native readings.
func TestNatives(t *testing.T) {
	ups := UPS{Name: "a", Variables: list(map[string]string{
		"battery.charge":              "90",    // has a metric of its own
		"battery.packs":               "002",   // has none
		"input.voltage.maximum":       "240.1", // has none
		"outlet.2.delay.shutdown":     "20",
		"outlet.2.id":                 "2",      // identifies, counts nothing
		"ups.productid":               "0002",   // the same
		"ups.test.result":             "passed", // is no number
		"ups.delay.start":             "<85",    // is no number
		"driver.parameter.pollfreq":   "30",
		"driver.parameter.sdcommands": "0x10",
	})}
	for _, c := range []struct {
		natives Natives
		want    string
	}{
		{Natives{}, ""},
		{Natives{Variables: []string{"*"}}, ""},
		{Natives{Export: true}, "battery//battery.packs=2 driver//driver.parameter.pollfreq=30 input//input.voltage.maximum=240.1 outlet/2/outlet.2.delay.shutdown=20"},
		{Natives{Export: true, Variables: []string{"battery.*", "*.delay.*"}}, "battery//battery.packs=2 outlet/2/outlet.2.delay.shutdown=20"},
		{Natives{Export: true, Variables: []string{"nothing"}}, ""},
	} {
		var got []string
		for _, n := range Devices(ups, c.natives)[0].Natives {
			got = append(got, n.Point+"/"+n.ID+"/"+n.Name+"="+n.Value.String())
		}
		if all := strings.Join(got, " "); all != c.want {
			t.Errorf("%+v gives %q, want %q", c.natives, all, c.want)
		}
	}
}

// list is variables in the form that a server's answer has.
func list(values map[string]string) []Variable {
	var list []Variable
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, Variable{name, values[name]})
	}
	return list
}

// FuzzDevices maps arbitrary variables: whatever a driver says, there is a
// device, and it can be exported.
func FuzzDevices(f *testing.F) {
	for _, name := range nutsim.Devices() {
		unit, err := nutsim.Device(name)
		if err != nil {
			f.Fatal(err)
		}
		var text strings.Builder
		for variable, value := range unit.Variables {
			text.WriteString(variable + ": " + value + "\n")
		}
		f.Add(text.String())
	}
	f.Add("device.1.outlet.1.status: on\ndevice.2.ups.status: OL\ndevice.0.mfr: x\ndevice.9: y\n")
	f.Add("input.1.voltage: 1\ninput.01.voltage: 2\ninput.source: 01\ninput.voltage: 3\n")
	f.Add("outlet.1.groupid: \xff\noutlet.group.1.id: \xff\noutlet.65536.status: on\noutlet..status: on\n")
	f.Fuzz(func(t *testing.T, text string) {
		var variables []Variable
		for line := range strings.Lines(text) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			variables = append(variables, Variable{name, value})
		}
		devices := Devices(UPS{Name: "fuzz", Variables: variables}, Natives{Export: true})
		if len(devices) == 0 || !devices[0].Up {
			t.Fatalf("a UPS with variables gives %+v", devices)
		}
		power.Validate(devices)
		golden.Gather(t, exposition.NewCollector(devices))
	})
}
