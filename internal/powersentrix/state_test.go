package powersentrix_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// full is a State with everything of the document's sample and the portal's.
func full(t *testing.T) powersentrix.State {
	t.Helper()
	var s powersentrix.State
	merge(t, &s, "cases/document/1-new.json", "Branch office")
	merge(t, &s, "cases/document/2-data.json", "")
	merge(t, &s, "cases/portal/2-basic.json", "")
	return s
}

// metrics is what is exported of a State, everything included.
func metrics(t *testing.T, s *powersentrix.State) string {
	t.Helper()
	devices := []power.Device{s.Device("", powersentrix.Options{Native: true})}
	power.Validate(devices)
	return golden.Gather(t, exposition.NewCollector(devices))
}

// keep writes a State as JSON and reads it again.
func keep(t *testing.T, s powersentrix.State) (kept []byte, again powersentrix.State) {
	t.Helper()
	kept, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(kept, &again); err != nil {
		t.Fatal(err)
	}
	return kept, again
}

// TestStateIsKept checks that a State that was written and read is the same.
func TestStateIsKept(t *testing.T) {
	t.Parallel()
	var zero powersentrix.State
	for name, s := range map[string]powersentrix.State{"the zero State": zero, "a full State": full(t)} {
		if _, again := keep(t, s); !reflect.DeepEqual(again, s) {
			t.Errorf("%s came back as %+v, and was %+v", name, again, s)
		}
	}
}

// TestNoSecretIsKept puts the secret wherever it might be, and looks for it in
// what is kept, and in errors.
func TestNoSecretIsKept(t *testing.T) {
	t.Parallel()
	const secret = "abc123"
	var s powersentrix.State
	for _, data := range []string{
		string(file(t, "cases/document/2-data.json")),
		`{"companyId":"abc123","config":{"companyId":"abc123","settings":{"companyId":"abc123","remoteServer":{"CompanyID":"abc123","serverUrl":"https://x/?companyId=abc123"}}}}`,
		`{"config":{"settings":{"remoteServer":"abc123","apiKey":"abc123","password":"abc123"},"ident":["abc123"]},"apiKey":"abc123","upsData":{"temps":"abc123"}}`,
	} {
		if err := s.MergeData([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.MergeNew([]byte(`{"sn":"1","companyId":"abc123","apiKey":"abc123","info":"abc123"}`), ""); err != nil {
		t.Fatal(err)
	}
	if err := s.MergeBasic([]byte(`{"name":"n","companyId":"abc123","apiKey":"abc123","company":"abc123","ip":"abc123"}`)); err != nil {
		t.Fatal(err)
	}
	if kept, _ := keep(t, s); strings.Contains(string(kept), secret) || strings.Contains(metrics(t, &s), secret) {
		t.Errorf("the secret is kept: %s", kept)
	}
	for _, data := range []string{`"abc123"`, `["abc123"]`, `{"companyId":"abc123"}`, `{"config":{"companyId":"abc123"`, `abc123`, `{"abc123":1}`} {
		for _, err := range []error{s.MergeData([]byte(data)), s.MergeNew([]byte(data), ""), s.MergeBasic([]byte(data))} {
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error is %v", data, err)
			}
		}
	}
}

// TestPartial merges partial reports into a full State, and says which lines of
// the metrics go and come.
func TestPartial(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ data, gone, come string }{
		"nothing new": {`{"upsData":{}}`, "", ""},
		"null in place of objects": {
			`{"config":null,"upsData":{"temps":null}}`, "", "",
		},
		"another kind in place of objects": {
			`{"config":{"settings":[],"ident":"x"},"upsData":{"temps":7}}`, "", "",
		},
		"only upsData, so the names stay": {
			`{"upsData":{"voltages":[4801,4805,2410,2408,1205,1202,502,501,0,0,0,0]}}`,
			`power_outlet_voltage_volts{device="ups-01",name="Router",outlet="0"} 48.1`,
			`power_outlet_voltage_volts{device="ups-01",name="Router",outlet="0"} 48.01`,
		},
		"one of the temperatures": {
			`{"upsData":{"temps":{"mcu":49}}}`,
			`power_sensor_temperature_celsius{device="ups-01",name="",sensor="mcu"} 51`,
			`power_sensor_temperature_celsius{device="ups-01",name="",sensor="mcu"} 49`,
		},
		"a reading that is gone": {
			`{"upsData":{"temps":{"mcu":null}}}`,
			`power_sensor_info{device="ups-01",kind="internal",name="",port="",sensor="mcu"} 1` + "\n" +
				`power_sensor_temperature_celsius{device="ups-01",name="",sensor="mcu"} 51`, "",
		},
		"a list that is replaced, members and all": {
			`{"upsData":{"ps":[{"batt":5100,"cell":[1300]}]}}`,
			`power_battery_cell_voltage_volts{battery="1",cell="1",device="ups-01",name=""} 13.05
power_battery_cell_voltage_volts{battery="1",cell="2",device="ups-01",name=""} 13.08
power_battery_cell_voltage_volts{battery="1",cell="3",device="ups-01",name=""} 13.02
power_battery_cell_voltage_volts{battery="1",cell="4",device="ups-01",name=""} 13.05
power_battery_voltage_limit_volts{battery="1",device="ups-01",limit="low_critical",name=""} 48
power_battery_voltage_volts{battery="1",device="ups-01",name=""} 52.2
power_inlet_voltage_volts{device="ups-01",inlet="1",name=""} 54.1
power_native_reading{device="ups-01",id="1",name="status.h.hb.0",point="ps"} 1
power_native_reading{device="ups-01",id="1",name="status.h.lb.0",point="ps"} 0
power_native_reading{device="ups-01",id="1",name="status.l.hb.0",point="ps"} 0
power_native_reading{device="ups-01",id="1",name="status.l.lb.0",point="ps"} 1
power_output_voltage_volts{device="ups-01",name="",output="1"} 48.1`,
			`power_battery_cell_voltage_volts{battery="1",cell="1",device="ups-01",name=""} 13
power_battery_voltage_volts{battery="1",device="ups-01",name=""} 51`,
		},
		"a list that is gone": {
			`{"config":{"extraActions":null}}`,
			`power_native_reading{device="ups-01",id="0",name="action",point="extraActions"} 1
power_native_reading{device="ups-01",id="0",name="baseStatus",point="extraActions"} 0
power_native_reading{device="ups-01",id="0",name="event",point="extraActions"} 1`, "",
		},
		"a configured output without its name": {
			`{"config":{"outputs":[{"id":5}]}}`,
			`power_outlet_current_amperes{device="ups-01",name="Router",outlet="0"} 0.15
power_outlet_on{device="ups-01",name="Router",outlet="0"} 1
power_outlet_voltage_volts{device="ups-01",name="Router",outlet="0"} 48.1`,
			`power_outlet_current_amperes{device="ups-01",name="",outlet="0"} 0.15
power_outlet_on{device="ups-01",name="",outlet="0"} 1
power_outlet_voltage_volts{device="ups-01",name="",outlet="0"} 48.1`,
		},
		"only the identity": {
			`{"config":{"ident":{"cpuLoad":13}}}`,
			`power_device_cpu_load_ratio{device="ups-01"} 0.12`,
			`power_device_cpu_load_ratio{device="ups-01"} 0.13`,
		},
		"upsData.uptime, newer than the identity's": {
			`{"upsData":{"uptime":"4m"}}`,
			`power_device_uptime_seconds{controller="main",device="ups-01"} 439860`,
			`power_device_uptime_seconds{controller="main",device="ups-01"} 240`,
		},
		"the identity's uptime beside upsData.uptime": {
			`{"config":{"ident":{"mainUptime":"5m"}},"upsData":{"uptime":"4m"}}`,
			`power_device_uptime_seconds{controller="main",device="ups-01"} 439860`,
			`power_device_uptime_seconds{controller="main",device="ups-01"} 300`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := full(t)
			after := before // a copy that shares the lists
			if err := after.MergeData([]byte(tt.data)); err != nil {
				t.Fatal(err)
			}
			gone, come := difference(metrics(t, &before), metrics(t, &after))
			if gone != tt.gone || come != tt.come {
				t.Errorf("gone are\n%s\nwant\n%s\n\nnew are\n%s\nwant\n%s", gone, tt.gone, come, tt.come)
			}
			if want := full(t); !reflect.DeepEqual(before, want) {
				t.Errorf("merging into a copy changed the original to %+v", before)
			}
			// The same into a State that was stored.
			_, stored := keep(t, before)
			if err := stored.MergeData([]byte(tt.data)); err != nil || !reflect.DeepEqual(stored, after) {
				t.Errorf("merged into a stored State it is %+v, not %+v: %v", stored, after, err)
			}
		})
	}
}

// difference are the lines that only one of two texts has.
func difference(before, after string) (gone, come string) {
	only := func(a, b string) string {
		var lines []string
		for line := range strings.Lines(a) {
			if !strings.HasPrefix(line, "#") && !strings.Contains(b, line) {
				lines = append(lines, strings.TrimSpace(line))
			}
		}
		return strings.Join(lines, "\n")
	}
	return only(before, after), only(after, before)
}

// TestRegistrationAgain checks what a registration changes of a UPS that is
// known: who it is, and nothing else.
func TestRegistrationAgain(t *testing.T) {
	t.Parallel()
	s := full(t)
	before := metrics(t, &s)
	if err := s.MergeNew([]byte(`{"mainFirmware":"v2.2.0","mainUptime":"1m","cpuLoad":null}`), ""); err != nil {
		t.Fatal(err)
	}
	gone, come := difference(before, metrics(t, &s))
	wantGone := `power_device_cpu_load_ratio{device="ups-01"} 0.12
power_device_info{device="ups-01",firmware="main v2.1.0, com v3.2.1",hardware="",kind="ups",location="Rack A",model="PWX-12-4422",name="Server Room UPS",serial="PSX-2024-001234",vendor="PowerSentrix"} 1
power_device_uptime_seconds{controller="main",device="ups-01"} 439860`
	wantCome := `power_device_info{device="ups-01",firmware="main v2.2.0, com v3.2.1",hardware="",kind="ups",location="Rack A",model="PWX-12-4422",name="Server Room UPS",serial="PSX-2024-001234",vendor="PowerSentrix"} 1
power_device_uptime_seconds{controller="main",device="ups-01"} 60`
	if gone != wantGone || come != wantCome {
		t.Errorf("gone are\n%s\nnew are\n%s", gone, come)
	}
	if s.Description != "Branch office" {
		t.Errorf("a registration without a description makes it %q", s.Description)
	}
	if err := s.MergeNew([]byte(`{"sn":"1"}`), "Head office"); err != nil || s.Description != "Head office" {
		t.Errorf("the new description is %q: %v", s.Description, err)
	}
}

// TestRefused merges what is no report, which must change nothing.
func TestRefused(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		``:                                     "the answer is empty: JSON was expected",
		`{"upsData":{"voltages":[1`:            "the answer ends in the middle of its JSON, after 25 bytes",
		`{"sn":"1","config":{},"name":"n"}, 7`: "the answer is no JSON: it breaks off at byte 34 of 36",
		`[]`:                                   "the answer is JSON of another kind: array where an object was expected",
		`"sn"`:                                 "the answer is JSON of another kind: string where an object was expected",
		`<html>`:                               "the answer is a web page and not JSON: does the address lead to the device itself?",
		`null`:                                 "",
		`{}`:                                   "",
		`{"info":1,"error":"wrong apiKey"}`:    "",
		`{"message":"Invalid authorization…"}`: "",
	} {
		for kind, merge := range map[string]func(*powersentrix.State) error{
			"new":   func(s *powersentrix.State) error { return s.MergeNew([]byte(data), "other") },
			"data":  func(s *powersentrix.State) error { return s.MergeData([]byte(data)) },
			"basic": func(s *powersentrix.State) error { return s.MergeBasic([]byte(data)) },
		} {
			s := full(t)
			err := merge(&s)
			switch {
			case err == nil:
				t.Errorf("%s, %q: there is no error", kind, data)
			case errors.Is(err, powersentrix.ErrNothing) != (want == ""):
				t.Errorf("%s, %q: the error is %v", kind, data, err)
			case want != "" && err.Error() != want:
				t.Errorf("%s, %q: the error is %v, want %s", kind, data, err, want)
			}
			if !reflect.DeepEqual(s, full(t)) {
				t.Errorf("%s, %q: the State has changed to %+v", kind, data, s)
			}
		}
	}
	err := new(powersentrix.State).MergeData([]byte(`{}`))
	if want := "the JSON says nothing of a UPS: none of the members config, upsData is there"; err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}
