package synlink_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/synlink"
	"power_exporter/power"
)

// endpoints are what Readings.Answer knows.
var endpoints = []string{"device", "inlets", "banks", "outlets", "groups", "sensors", "events", "conf", "diagnostics"}

// unit is a PDU by what it said.
type unit struct {
	readings synlink.Readings
	events   []power.Event
}

// hear takes one thing that a unit said: the answer of an endpoint, a frame of
// its "stream" or the body of a "webhook". What belongs to no part of the
// readings is nothing.
func (u *unit) hear(endpoint string, data []byte) error {
	switch endpoint {
	case "stream":
		frame, err := synlink.DecodeFrame(data)
		u.readings.Apply(frame)
		return err
	case "webhook":
		hook, err := synlink.DecodeWebhook(data)
		u.readings.ApplyWebhook(hook)
		u.events = append(u.events, hook.Event())
		return err
	case "actions", "kwhHist", "login":
		return nil
	}
	return u.readings.Answer(endpoint, data)
}

// device is the unit in the schema, fit to be exported, and what had to be
// mended for that.
func (u *unit) device() (device power.Device, mended []error) {
	d := u.readings.Device()
	d.Events = u.events
	devices := []power.Device{d}
	mended = power.Validate(devices)
	return devices[0], mended
}

// metrics is the text of what is exported of the unit.
func (u *unit) metrics(tb testing.TB) string {
	tb.Helper()
	d, _ := u.device()
	return golden.Gather(tb, exposition.NewCollector([]power.Device{d}))
}

// heard is the unit that said what the replies hold by endpoint: first what was
// read, and then what it sent on its own.
func heard(tb testing.TB, replies map[string][]byte) *unit {
	tb.Helper()
	u := &unit{readings: synlink.Readings{Host: "pdu.example.net"}}
	for _, endpoint := range slices.Concat(endpoints, []string{"stream", "webhook"}) {
		if data, ok := replies[endpoint]; ok {
			if err := u.hear(endpoint, data); err != nil {
				tb.Fatalf("%s: %v", endpoint, err)
			}
		}
	}
	return u
}

// replies are the JSON files of a folder, by their names.
func replies(tb testing.TB, folder string) map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("%s: no JSON files: %v", folder, err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = data
	}
	return all
}
