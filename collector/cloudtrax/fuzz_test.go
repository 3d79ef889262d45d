package cloudtrax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

// FuzzAnswers takes arbitrary bytes as the list, as the object of every strip in
// it, and as the body of a refusal. Whatever they are, there are devices that can
// be exported, each of them once, a strip that is down has no readings, and what
// is not a number is no part of a path.
func FuzzAnswers(f *testing.F) {
	files, err := filepath.Glob("testdata/cases/*/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, data)
		f.Add([]byte(`{"powerstrips":[{"powerstrip_id":1,"mac":"a","cloud_status":"up"},{"powerstrip_id":1,"mac":"A","cloud_status":"up"}]}`), data)
	}
	f.Add([]byte(`{"powerstrips":[{"powerstrip_id":"1/reboot","cloud_status":"up"}]}`), []byte(`{"ports":[{"port_id":1},{"port_id":"1"},{}]}`))
	f.Add([]byte("{\"powerstrips\":{\"mac\":\"\xff\",\"name\":\"\xff\",\"cloud_status\":\"up\"}}"), []byte(`{"ports":null,"last_checkin":"9999-12-31T23:59:59Z","voltage_v":1e999}`))
	f.Add([]byte(`{"errors":[{"code":13005,"message":"Unauthorized access from key secret."}]}`), []byte(`{"time":"2015-08-24T13:52:00Z"}`))
	f.Fuzz(func(t *testing.T, listed, object []byte) {
		strips, _ := decodeList(listed) // what failed is not there
		var devices []power.Device
		for i := range strips {
			s := &strips[i]
			if id := s.ID.String(); digits(id) && strings.ContainsAny(id, "/?#%.") {
				t.Errorf("%q may be a part of a path", id)
			}
			if own, err := decodeObject(object, s.ID.String()); err == nil {
				devices = append(devices, device(s, &own))
			}
			devices = append(devices, device(s, nil))
		}
		for i := range devices {
			d := &devices[i]
			if d.ID == "" || d.Vendor == "" || d.Kind != power.KindPDU {
				t.Errorf("%+v", d)
			}
			if !d.Up && len(d.Inlets)+len(d.Outlets)+len(d.Uptimes) > 0 {
				t.Errorf("a strip that is down has readings: %+v", d)
			}
		}
		power.Validate(devices)
		golden.Gather(t, exposition.NewCollector(devices))
		for _, r := range decodeRefusals(listed) {
			if text := shown(r.Message.String(), []string{"secret"}); strings.Contains(text, "secret") {
				t.Errorf("%q shows a secret", text)
			}
		}
		if now, err := decodeTime(object); err == nil && now.IsZero() && !strings.Contains(string(object), "0001-01-01") {
			t.Errorf("%s is no time", object)
		}
	})
}
