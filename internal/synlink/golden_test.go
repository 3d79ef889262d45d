package synlink_test

import (
	"path/filepath"
	"testing"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// TestCases maps every folder of testdata/cases and compares the metrics with
// those in the folder. A unit that is mapped wrongly becomes a folder of its
// own: put what its endpoints answered into files, device.json for GET
// /api/device and so on, stream.json for a frame and webhook.json for a post.
func TestCases(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			compare(t, filepath.Join(folder, "metrics.prom"), heard(t, replies(t, folder)))
		})
	}
}

// TestSimulatedModels does the same for the models of the simulator, as they
// are read.
func TestSimulatedModels(t *testing.T) {
	t.Parallel()
	for _, name := range synlinksim.Models() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := modelReplies(name)
			delete(said, "stream")
			compare(t, filepath.Join("testdata/simulated", name+".prom"), heard(t, said))
		})
	}
}

// modelReplies are the replies of a model.
func modelReplies(name string) map[string][]byte {
	said := map[string][]byte{}
	for endpoint, reply := range synlinksim.MustRecorded(name).Replies {
		said[endpoint] = reply
	}
	return said
}

func compare(t *testing.T, file string, u *unit) {
	t.Helper()
	d, mended := u.device()
	for _, err := range mended {
		t.Errorf("mended: %v", err)
	}
	golden.Metrics(t, file, exposition.NewCollector([]power.Device{d}))
}
