package powersentrix_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	internal "power_exporter/internal/powersentrix"
	"power_exporter/power"
	"power_exporter/receiver/powersentrix"
)

// TestSamples pushes the cases of package internal/powersentrix. What is
// exported is what is exported of a UPS that was asked, but for when it was
// heard.
func TestSamples(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob(cases + "cases/*")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, folder := range folders {
		if portal, _ := filepath.Glob(folder + "/*-basic.json"); portal != nil {
			continue // from the portal, which no UPS pushes
		}
		compared++
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { comparePushed(t, folder) })
		})
	}
	if compared < 8 {
		t.Errorf("there are only %d cases", compared)
	}
}

// comparePushed pushes what is in a folder in its order.
func comparePushed(t *testing.T, folder string) {
	t.Helper()
	var is struct {
		CMM         string `json:"cmm"`
		Description string `json:"description"`
		Native      bool   `json:"native"`
		CurrentUnit string `json:"current_unit"`
	}
	read(t, filepath.Join(folder, "case.json"), &is)
	options := powersentrix.Options{Native: is.Native}
	if is.CurrentUnit == "10mA" {
		options.CurrentUnit = internal.CentiAmperes
	}
	want, err := os.ReadFile(filepath.Join(folder, "metrics.prom"))
	if err != nil {
		t.Fatal(err)
	}
	cmm := is.CMM
	if cmm == "" { // the case is about the id that is taken instead of a cmm
		_, after, _ := strings.Cut(string(want), `device="`)
		cmm, _, _ = strings.Cut(after, `"`)
	}

	s := open(t, t.TempDir(), options)
	defer s.Close()
	files, err := filepath.Glob(filepath.Join(folder, "[0-9]-*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		what := "setUpsData"
		if strings.HasSuffix(name, "-new.json") {
			what = "setNewUps"
		}
		to := target(what, acme, cmm)
		if what == "setNewUps" && is.Description != "" {
			to += "&upsDescription=" + strings.ReplaceAll(is.Description, " ", "+")
		}
		if status, answer := s.Post(to, string(body)); status != 200 || answer != ok {
			t.Errorf("%s was answered with %d %s", filepath.Base(name), status, answer)
		}
	}
	devices := s.Devices()
	for i := range devices {
		d := &devices[i]
		if d.LastSeen != power.Timestamp(time.Now()) || d.ReadingAge.String() != "0" {
			t.Errorf("last seen %s, age %s", d.LastSeen, d.ReadingAge)
		}
		d.LastSeen, d.ReadingAge = power.Value{}, power.Value{}
	}
	if got := golden.Gather(t, exposition.NewCollector(devices)); got != string(want) {
		t.Errorf("pushed it is\n%s\nwant\n%s", got, want)
	}
}

// read reads a file of JSON.
func read(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}
