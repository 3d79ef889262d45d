package ems

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/session"
	"power_exporter/power"
)

// FuzzAnswers reads arbitrary bytes as the lists and the values of an EMS.
// Whatever they are, an answer is a list or an error, and what was read can be
// mapped and exported.
func FuzzAnswers(f *testing.F) {
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) == 0 {
		f.Fatalf("no cases: %v", err)
	}
	for _, folder := range folders {
		var answers [4][]byte
		for i, name := range []string{"devices", "loads", "signals", "realtime"} {
			if answers[i], err = os.ReadFile(filepath.Join(folder, name+".json")); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(answers[0], answers[1], answers[2], answers[3], "")
	}
	f.Add([]byte(`{"devices":null}`), []byte(`{"loads":[{"uid":1}]}`), []byte(`{"signals":{"\xff":{"si":29,"lid":"\xff","did":"\xff"}}}`), []byte(`{"realtime":{"\xff":{"v":1,"t":1790000000000}}}`), "rtu")
	f.Add([]byte(`[]`), []byte(`{"loads":7}`), []byte(`{"signals":"x"}`), []byte(`{"realtime":{"1":{"v":1e308,"t":1e308}}}`), "P1")
	mapped := simulated()
	mapped[60] = Signal{Quantity: ActivePower, Scale: 1e300}
	f.Fuzz(func(t *testing.T, d, l, s, v []byte, protocol string) {
		var there site
		there.devices = fuzzed[deviceReply](t, devices, d)
		there.loads = fuzzed[loadReply](t, loads, l)
		there.signals = fuzzed[signalReply](t, signals, s)
		values := fuzzed[valueReply](t, realtime, v)
		m := newMapping(mapped, time.Hour, true, time.UnixMilli(1790000000000), values)
		var read []power.Device
		for _, x := range there.meters(choice{protocol: protocol}) {
			read = append(read, m.device(&x))
		}
		for _, d := range read {
			if d.ID == "" || d.Up != d.ReadingAge.Present() || !d.Up && (d.Circuits != nil || d.Natives != nil) {
				t.Errorf("device %+v", d)
			}
		}
		for si, seen := range m.found.sightings {
			if line := suggestion(si, seen); line != plain(line) {
				t.Errorf("the line %q has something to escape", line)
			}
		}
		power.Validate(read)
		golden.Gather(t, exposition.NewCollector(read))
	})
}

// fuzzed reads one page of a list.
func fuzzed[T any, P entry[T]](t *testing.T, e endpoint, data []byte) []T {
	t.Helper()
	l, err := decoded[T, P](e, defaultSize, data)
	if err != nil && l.entries != nil {
		t.Errorf("%d entries, and %v", len(l.entries), err)
	}
	for i := range l.entries {
		if P(&l.entries[i]).key().String() == "" {
			t.Errorf("entry %+v has no uid", l.entries[i])
		}
	}
	return l.entries
}

// FuzzLogIn reads arbitrary answers to a log-in: what is not an error is a token
// that can be sent.
func FuzzLogIn(f *testing.F) {
	f.Add([]byte(`{"token":"eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjEsImV4cCI6MTgwMX0.c2ln"}`))
	f.Add([]byte(`{"token":7}`))
	f.Add([]byte(`{"token":null}`))
	f.Add([]byte(`{"token":"a\nb"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if token, err := tokenOf(data); (err == nil) != session.IsToken(token) {
			t.Errorf("token %q, error %v", token, err)
		}
	})
}
