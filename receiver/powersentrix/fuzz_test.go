package powersentrix_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"power_exporter/internal/receivertest"
	"power_exporter/receiver/powersentrix"
)

// FuzzPush pushes arbitrary bytes with an arbitrary query to a UPS that has
// pushed before. They are taken or refused, never a mistake of the receiver's;
// whatever they are, all can be exported, is the same after a restart, and the
// UPS can go on.
func FuzzPush(f *testing.F) {
	files, err := filepath.Glob(cases + "cases/*/[0-9]-*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no files: %v", err)
	}
	for i, name := range files {
		f.Add(uint8(i), "cmm=ups-01&upsDescription=Rack", file(f, strings.TrimPrefix(name, cases)))
	}
	for _, query := range []string{"", "cmm=", "cmm=%00", "cmm=a&cmm=b", "cmm=%ff", "cmm=ups%2302", "cmm=ups-01;x", "companyId=abc123&cmm=a", "upsDescription=%ff%0A&cmm=ups-01", "cmm=" + strings.Repeat("x", 200)} {
		for what := range uint8(3) {
			f.Add(what, query, `{"ord": 7, "code": "I/E01", "cmm": "ups-02", "sn": "x", "upsData": {"voltages": 1}}`)
		}
	}
	for _, body := range []string{
		``, `null`, `[]`, `{"ord": 1e18, "code": "\u0000\ud800"}`, `{"ord": -1, "code": {}}`, `{"ord": 9007199254740993, "description": "x"}`, `{"upsData": {"ps": [{"cell": [[]]}]}, "config": 1}`,
		`{"config": {"outputs": [{"id": "0"}, {"id": "0"}, {"id": "0#2"}], "ident": {"sn": "\udfff"}}}`, `{"upsData": {}, "UPSDATA": {"temps": {"board": 1e308}}}`,
	} {
		for what := range uint8(3) {
			f.Add(what, "cmm=ups-01", body)
		}
	}
	sample := file(f, "cases/document/2-data.json")
	stored := pushedBefore(f, sample)
	f.Fuzz(func(t *testing.T, what uint8, query, body string) {
		s := open(t, receivertest.Folder(t, stored), powersentrix.Options{Native: true})
		path := []string{"/api/setNewUps", "/api/setUpsData", "/api/v1/setUpsLog"}[what%3]
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.RawQuery = "companyId=abc123&" + query
		s.Survive(r)
		s.push("setUpsData", "ups-01", sample)
		if d, _ := s.Store.Device("ups-01"); len(d.Batteries) != 1 || d.Batteries[0].Voltage.String() != "52.2" {
			t.Errorf("it does not go on: %+v", d)
		}
		s.Stop()
	})
}

// pushedBefore is the file of a store in which there is a UPS.
func pushedBefore(f *testing.F, data string) string {
	f.Helper()
	folder := f.TempDir()
	s := open(f, folder, powersentrix.Options{})
	s.push("setUpsData", "ups-01", data)
	s.push("setUpsLog", "ups-01", `{"ord": 7, "code": "I/E01"}`)
	s.Close()
	return receivertest.Stored(f, folder)
}
