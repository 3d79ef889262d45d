package cloudtrax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// TestCases reads every folder of testdata/cases and compares the metrics with
// those in the folder. A strip that is mapped wrongly becomes a folder of its own:
// put the answer to GET /powerstrip/network/<id>/list into list.json, and that to
// GET /powerstrip/<id> into <id>.json.
func TestCases(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(folder, "*.json"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no answers: %v", err)
			}
			cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{})
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				path := "/powerstrip/" + strings.TrimSuffix(filepath.Base(file), ".json")
				if filepath.Base(file) == "list.json" {
					path = manualList
				}
				cloud.SetFault(path, simfault.Fault{Body: data})
			}
			compare(t, filepath.Join(folder, "metrics.prom"), address, manual)
		})
	}
}

// TestSimulated does the same for the networks of the simulator, which are what a
// newcomer sees first.
func TestSimulated(t *testing.T) {
	t.Parallel()
	_, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual(), cloudtraxsim.Office())
	compare(t, "testdata/simulated/manual.prom", address, manual)
	compare(t, "testdata/simulated/office.prom", address, office)
}

// compare reads a network and compares its metrics with the file.
func compare(t *testing.T, file, address, network string) {
	t.Helper()
	devices, err := collect(t, open(t, options(t, address, network)))
	if err != nil {
		t.Fatal(err)
	}
	for _, mended := range power.Validate(devices) {
		t.Errorf("mended: %v", mended)
	}
	golden.Metrics(t, file, exposition.NewCollector(devices))
}

// TestWithoutPorts shows that the list alone is asked for, and what it tells.
func TestWithoutPorts(t *testing.T) {
	t.Parallel()
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	o := options(t, address, manual)
	o.Ports = false
	expect(t, open(t, o), "the list", listOnly, "")
	if r := cloud.Stats().Requests; len(r) != 1 || r["GET "+manualList] != 1 {
		t.Errorf("requests %v", r)
	}
}
