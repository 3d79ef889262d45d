package ems

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// caseOptions is what options.json of a case says.
type caseOptions struct {
	Now      int64 // the exporter's clock, in milliseconds since 1970
	Signals  map[int]Signal
	UIDs     []int
	Protocol string
	Natives  bool
}

// TestCases reads every folder of testdata/cases through a server that answers
// with the files, whatever filter or page it is asked for, and compares the
// metrics with those in the folder. An EMS that is mapped wrongly becomes a folder
// of its own.
func TestCases(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			var given caseOptions
			text, err := os.ReadFile(filepath.Join(folder, "options.json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &given); err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(files(folder))
			t.Cleanup(server.Close)
			o := options(t, server.URL)
			o.Signals, o.UIDs, o.Protocol, o.Natives = given.Signals, given.UIDs, given.Protocol, given.Natives
			c := newFor(t, o)
			c.now = func() time.Time { return time.UnixMilli(given.Now) }
			compare(t, c, filepath.Join(folder, "metrics.prom"))
		})
	}
}

// files answers each path with the file of its last name.
func files(folder string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = w.Write([]byte(`{"token":"secret"}`))
			return
		}
		text, err := os.ReadFile(filepath.Join(folder, filepath.Base(r.URL.Path)+".json"))
		if err != nil {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		_, _ = w.Write(text)
	})
}

// TestSimulatedSites does the same for the models of the simulator.
func TestSimulatedSites(t *testing.T) {
	t.Parallel()
	for _, name := range emssim.Models() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			model := emssim.MustRecorded(name)
			var newest int64
			for _, v := range model.Realtime {
				newest = max(newest, v.T)
			}
			now := func() time.Time { return time.UnixMilli(newest).Add(10 * time.Second) }
			model.Fresh = false
			c, _ := start(t, emssim.Options{Now: now}, model)
			c.now = now
			compare(t, c, filepath.Join("testdata/simulated", name+".prom"))
		})
	}
}

// compare makes two readings, with and without a log-in before, and compares the
// metrics of both with the file.
func compare(t *testing.T, c *Collector, file string) {
	t.Helper()
	for range 2 {
		devices := mustCollect(t, c)
		for _, mended := range power.Validate(devices) {
			t.Errorf("mended: %v", mended)
		}
		golden.Metrics(t, file, exposition.NewCollector(devices))
	}
}
