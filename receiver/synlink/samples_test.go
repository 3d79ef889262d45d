package synlink_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	internal "power_exporter/internal/synlink"
	"power_exporter/power"
	"power_exporter/receiver/synlink"
)

// asRead is a device without what only a receiver knows of it.
func asRead(d power.Device) power.Device {
	d.LastSeen, d.ReadingAge = power.Value{}, power.Value{}
	events := d.Events
	d.Events = nil
	for _, e := range events {
		d.Events = append(d.Events, power.Event{Code: e.Code, Event: e.Event, LastValue: e.LastValue})
	}
	return d
}

// TestSamples posts the cases of package internal/synlink. What is exported is
// what the web hook says, but for when and how often it was posted.
func TestSamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(cases + "*/webhook.json")
	if err != nil || len(files) < 3 {
		t.Fatalf("there are only %d cases: %v", len(files), err)
	}
	for _, name := range files {
		t.Run(filepath.Base(filepath.Dir(name)), func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir(), synlink.Options{})
			defer s.Close()
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			s.push(string(body))
			want, err := os.ReadFile(filepath.Join(filepath.Dir(name), "metrics.prom"))
			if err != nil {
				t.Fatal(err)
			}
			devices := s.Devices()
			for i := range devices {
				devices[i] = asRead(devices[i])
			}
			if got := golden.Gather(t, exposition.NewCollector(devices)); got != string(want) {
				t.Errorf("posted it is\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestModels posts all that a model's endpoints answer. What is exported is
// what is exported of a unit that was asked for the same.
func TestModels(t *testing.T) {
	t.Parallel()
	for _, model := range synlinksim.Models() {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			body := bytes.NewBufferString(`{"enclosureSerialNumber": 1000016`)
			readings := internal.Readings{Info: &internal.Info{EnclosureSerialNumber: "1000016"}}
			for part, reply := range synlinksim.MustRecorded(model).Replies {
				switch part {
				case "inlets", "banks", "outlets", "sensors":
					body.WriteString(`, "` + part + `": ` + string(reply))
					if err := readings.Answer(part, reply); err != nil {
						t.Fatal(err)
					}
				}
			}
			body.WriteString("}")
			s := open(t, t.TempDir(), synlink.Options{})
			defer s.Close()
			s.push(body.String())
			d, _ := s.Store.Device("1000016")
			want := []power.Device{readings.Device()}
			power.Validate(want)
			got := golden.Gather(t, exposition.NewCollector([]power.Device{asRead(d)}))
			if want := golden.Gather(t, exposition.NewCollector(want)); got != want {
				t.Errorf("posted it is\n%s\nwant\n%s", got, want)
			}
			if strings.Count(got, "\n") < 10 {
				t.Errorf("this test is blind:\n%s", got)
			}
		})
	}
}
