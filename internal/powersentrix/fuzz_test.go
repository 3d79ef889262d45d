package powersentrix_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// seeds are the files of all cases, and a few odd things.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	files, err := filepath.Glob("testdata/cases/*/[0-9]-*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no files: %v", err)
	}
	all := [][]byte{
		[]byte(`{"upsData":{"outputs":{"a":1},"ps":{"main":1,"status":{"h":[],"l":{"hb":7}}},"temps":[]},"config":{"outputs":{"id":"\ud800"},"extraActions":[{"id":1},{"id":"1"}]}}`),
		[]byte(`{"config":{"outputs":[{"id":"0"},{"id":"00"},{"id":"0"},{"id":"#2"}]},"upsData":{"voltages":[1e308,-1,1e-400]}}`),
		[]byte(`{"responseMessage":"OK","responseObject":[{"id":1}]}`),
		[]byte(`{"ord":-9e15,"code":"\u0000"}`),
		[]byte(`null`),
		[]byte("\ufeff{}"),
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// FuzzMerge merges arbitrary bytes in every way. A refusal changes nothing, what
// was merged once is not changed by merging it again, a State that was stored
// is the same, and whatever it is can be exported.
func FuzzMerge(f *testing.F) {
	all := seeds(f)
	for i, data := range all {
		f.Add(data, all[(i+1)%len(all)], i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, first, second []byte, native bool) {
		var s powersentrix.State
		for _, data := range [][]byte{first, second} {
			for what, merge := range map[string]func(*powersentrix.State) error{
				"new":   func(s *powersentrix.State) error { return s.MergeNew(data, "fuzz") },
				"data":  func(s *powersentrix.State) error { return s.MergeData(data) },
				"basic": func(s *powersentrix.State) error { return s.MergeBasic(data) },
			} {
				before, err := s, merge(&s)
				if err != nil && !reflect.DeepEqual(before, s) {
					t.Errorf("%s: a refusal, %v, changed the State", what, err)
				}
				again := s
				if merged := merge(&again); (merged == nil) != (err == nil) || !reflect.DeepEqual(again, s) {
					t.Errorf("%s: merged again it is\n%+v, and was\n%+v: %v", what, again, s, merged)
				}
			}
		}
		kept, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var stored powersentrix.State
		if err := json.Unmarshal(kept, &stored); err != nil || !reflect.DeepEqual(stored, s) {
			t.Errorf("stored as %s it is\n%+v, and was\n%+v: %v", kept, stored, s, err)
		}
		devices := []power.Device{
			s.Device("", powersentrix.Options{Native: native}),
			s.Device("fuzz", powersentrix.Options{Native: native, CurrentUnit: powersentrix.CentiAmperes}),
		}
		power.Validate(devices)
		golden.Gather(t, exposition.NewCollector(devices))
	})
}

// FuzzPortal reads arbitrary bytes as the portal's lists, and as a record.
func FuzzPortal(f *testing.F) {
	for _, data := range seeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		items, err := powersentrix.DecodeList(data)
		events, errOfEvents := powersentrix.DecodeEvents(data)
		// A null is no list of UPSes, and one of no records.
		null := errOfEvents == nil && len(events) == 0
		if (err == nil) != (errOfEvents == nil) && !null || len(items) != len(events) {
			t.Errorf("%d UPSes, %v, but %d records, %v", len(items), err, len(events), errOfEvents)
		}
		if event, err := powersentrix.DecodeEvent(data); err == nil {
			events = append(events, event)
		}
		for _, e := range events {
			if n, ok := e.Sequence(); !ok && n != 0 {
				t.Errorf("%+v has no number, and it is %d", e, n)
			}
		}
		if object, err := powersentrix.ResponseObject(data); err == nil && !json.Valid(object) {
			t.Errorf("the response object is %q", object)
		}
	})
}
