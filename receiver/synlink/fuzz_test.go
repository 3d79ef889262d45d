package synlink_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/internal/receivertest"
	"power_exporter/receiver/synlink"
)

// FuzzPost posts arbitrary bytes to a receiver that has heard of a unit before.
// They are taken or refused, never a mistake of the receiver's; whatever they
// are, all can be exported, is the same after a restart, and the unit can go on.
func FuzzPost(f *testing.F) {
	files, err := filepath.Glob(cases + "*/webhook.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		f.Add(file(f, strings.TrimPrefix(name, cases)))
	}
	for _, model := range []string{"ats", "dual", "iohub", "wye"} {
		for part, reply := range synlinksim.MustRecorded(model).Replies {
			f.Add(`{"enclosureSerialNumber": "1000016", "eventCode": 15, "` + part + `": ` + string(reply) + `}`)
		}
	}
	for _, body := range []string{
		``, `null`, `[]`, `{}`, `{"enclosureSerialNumber": 1e400}`, `{"enclosureSerialNumber": "\u0000"}`, `{"enclosureSerialNumber": "#2", "eventCode": "\ud800\n"}`,
		`{"enclosureSerialNumber": "1000016", "Inlets": {"id": {}}, "inlets": null, "banks": [[], 7, null, {"id": 1}, {"id": 1}], "sensors": "x"}`,
		`{"enclosureSerialNumber": "1000016", "eventCode": {}, "valueExceedingThreshold": 1e999, "received": {"inlets": "2999-01-01T00:00:00Z"}, "inlets": [{}]}`,
		`{"enclosureSerialNumber": true, "eventCode": 15.0, "eventName": ["x"], "outlets": [{"id": "a\udfff"}, {"id": "a\ud800"}, {"watts": -1}]}`,
	} {
		f.Add(body)
	}
	sample := file(f, "webhook/webhook.json")
	stored := postedBefore(f, sample)
	f.Fuzz(func(t *testing.T, body string) {
		s := open(t, receivertest.Folder(t, stored), synlink.Options{})
		s.Survive(httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(body)))
		s.push(sample)
		if d, _ := s.Store.Device("1000016"); len(d.Inlets) != 1 || d.Inlets[0].Current.String() != "12.09" {
			t.Errorf("it does not go on: %+v", d)
		}
		s.Stop()
	})
}

// postedBefore is the file of a store in which there is a unit.
func postedBefore(f *testing.F, body string) string {
	f.Helper()
	folder := f.TempDir()
	s := open(f, folder, synlink.Options{})
	s.push(body)
	s.Close()
	return receivertest.Stored(f, folder)
}
