package powerpulsesim

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// Whatever is sent as a log-in is refused or is an object with two strings.
func FuzzCredentials(f *testing.F) {
	for _, body := range []string{
		`{"username":"admin","password":"your_password"}`, `{"username":"","password":""}`, `{"username":null,"password":"x"}`, `{}`, `[]`, `"x"`, `null`, ``, `{`,
		`{"username":1,"password":2}`, `{"username":"a","username":"b","password":"\u0000"}`, `{"username":"a","password":"b"} {}`, "username=a&password=b",
		`{"Username":"a","PASSWORD":"b"}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		name, password, err := credentials(body)
		if err != nil {
			return
		}
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil {
			t.Errorf("accepted: %v", err)
		}
		for key, got := range map[string]string{"username": name, "password": password} {
			if want, _ := fields[key].(string); got != want {
				t.Errorf("%s %q, not %q", key, got, want)
			}
		}
	})
}

// What is JSON says the same when it is written again; what is no array of
// objects is refused.
func FuzzSystems(f *testing.F) {
	for _, name := range []string{"manual", "down-error"} {
		f.Add([]byte(MustRecorded(name).Systems))
	}
	for _, text := range []string{``, `[]`, `[{}]`, `[[]]`, `[1]`, `[null]`, `{}`, `[{"a":{"b":[1,{"c":null}]},"a":1e5,"":"<&>\u2028"}]`, `[{"a"}]`, `[{"a":}]`, "[{}]]", `[{},]`, "[{\"\xff\":1}]"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		systems, err := parseSystems(text)
		var want []map[string]any
		if refused := json.Unmarshal(text, &want); refused != nil || err != nil {
			if err == nil && !strings.Contains(refused.Error(), "number") {
				t.Errorf("%s was taken, %v", text, refused)
			}
			return
		}
		again := appendSystems(nil, systems)
		var got []map[string]any
		if err := json.Unmarshal(again, &got); err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%s became %s, %v", text, again, err)
		}
	})
}

// The first code that is anywhere in the status gives the word.
func TestStatusWord(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"OL": "Online", "OL CHRG LB": "Online", "ALARM OB DISCHRG LB": "On Battery", "OB LB FSD": "On Battery", "LB RB": "Low Battery", "RB": "Replace Battery",
		"CHRG": "Charging", "DISCHRG": "Charging", "BYPASS OVER": "Bypass", "CAL": "Calibration", "OFF": "Off", "OVER": "Overload", "TRIM": "Trimming Voltage",
		"BOOST": "Boosting Voltage", "FSD": "Forced Shutdown", "WAIT": "WAIT", "": "",
	} {
		if got := statusWord(status); got != want {
			t.Errorf("%q is %q, not %q", status, got, want)
		}
	}
}
