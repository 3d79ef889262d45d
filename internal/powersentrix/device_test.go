package powersentrix_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// file is the content of a file of testdata.
func file(tb testing.TB, path string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", path))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// settings are the content of a case's case.json.
type settings struct {
	CMM         string `json:"cmm"`
	Description string `json:"description"`
	CurrentUnit string `json:"current_unit"`
	Native      bool   `json:"native"`
}

// options are those of the settings.
func (s settings) options() powersentrix.Options {
	o := powersentrix.Options{Native: s.Native}
	if s.CurrentUnit == "10mA" {
		o.CurrentUnit = powersentrix.CentiAmperes
	}
	return o
}

// TestCases merges the files of every folder of testdata/cases in the order of
// their names, and compares the metrics with those in the folder. What a file is
// stands behind its number: "new" is the body of setNewUps or the answer to
// fn=1, "data" the body of setUpsData, the answer to fn=2 or the portal's
// complex object, "basic" the portal's summary.
func TestCases(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(folders) < 12 {
		t.Fatalf("there are only %d cases: %v", len(folders), err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			in := filepath.Join("cases", filepath.Base(folder))
			var c settings
			if err := json.Unmarshal(file(t, filepath.Join(in, "case.json")), &c); err != nil {
				t.Fatal(err)
			}
			var state powersentrix.State
			steps, err := filepath.Glob(filepath.Join(folder, "[0-9]-*.json"))
			if err != nil || len(steps) == 0 {
				t.Fatalf("no steps: %v", err)
			}
			for _, step := range steps {
				merge(t, &state, filepath.Join(in, filepath.Base(step)), c.Description)
			}
			devices := []power.Device{state.Device(c.CMM, c.options())}
			for _, mended := range power.Validate(devices) {
				t.Errorf("mended: %v", mended)
			}
			golden.Metrics(t, filepath.Join(folder, "metrics.prom"), exposition.NewCollector(devices))
		})
	}
}

// merge merges a file of testdata.
func merge(t *testing.T, state *powersentrix.State, path, description string) {
	t.Helper()
	data := file(t, path)
	var err error
	switch _, what, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".json"), "-"); what {
	case "new":
		err = state.MergeNew(data, description)
	case "data":
		if data, err = powersentrix.ResponseObject(data); err == nil {
			err = state.MergeData(data)
		}
	case "basic":
		err = state.MergeBasic(data)
	default:
		t.Fatalf("%s: nobody knows what that is", path)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// TestID checks by what name a UPS goes.
func TestID(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ given, data, basic, want string }{
		{"given", `{"config":{"settings":{"remoteServer":{"upsId":"ups-01"}},"ident":{"sn":"S1"}}}`, `{"cmm":"c","serialNumber":"S2"}`, "given"},
		{"", `{"config":{"settings":{"remoteServer":{"upsId":"ups-01"}},"ident":{"sn":"S1"}}}`, `{"cmm":"c","serialNumber":"S2"}`, "ups-01"},
		{"", `{"config":{"settings":{"remoteServer":{"upsId":" "}},"ident":{"sn":"S1"}}}`, `{"cmm":"c","serialNumber":"S2"}`, "c"},
		{"", `{"config":{"ident":{"sn":"S1"}}}`, `{"serialNumber":"S2"}`, "S1"},
		{"", `{"config":{"ident":{"sn":17}}}`, `{"model":"m"}`, "17"},
		{"", `{"config":null}`, `{"serialNumber":"S2"}`, "S2"},
		{"", `{"config":{}}`, `{"name":"n"}`, ""},
	} {
		var s powersentrix.State
		if err := s.MergeData([]byte(tt.data)); err != nil {
			t.Fatal(err)
		}
		if err := s.MergeBasic([]byte(tt.basic)); err != nil {
			t.Fatal(err)
		}
		if got := s.Device(tt.given, powersentrix.Options{}).ID; got != tt.want {
			t.Errorf("%q, %s, %s: the id is %q, want %q", tt.given, tt.data, tt.basic, got, tt.want)
		}
	}
}

// TestNames checks where name and firmware come from.
func TestNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ ident, description, basic, name, firmware string }{
		{`{"comFirmware":"c1","mainFirmware":"m1"}`, "d", `{"name":"n","description":"b","comFirmware":"c2","mainFirmware":"m2"}`, "n", "main m1, com c1"},
		{`{"comFirmware":"c1"}`, "d", `{"name":"","description":"b","mainFirmware":"m2"}`, "d", "main m2, com c1"},
		{`{"comFirmware":"c1"}`, "", `{"name":null,"description":"b"}`, "b", "com c1"},
		{`{"mainFirmware":"m1"}`, "", `{"name":null}`, "", "main m1"},
		{`{"sn":"s"}`, "", `{"name":null}`, "", ""},
	} {
		var s powersentrix.State
		if err := s.MergeNew([]byte(tt.ident), tt.description); err != nil {
			t.Fatal(err)
		}
		if err := s.MergeBasic([]byte(tt.basic)); err != nil {
			t.Fatal(err)
		}
		if d := s.Device("", powersentrix.Options{}); d.Name != tt.name || d.Firmware != tt.firmware {
			t.Errorf("%s, %q, %s: got name %q and firmware %q, want %q and %q", tt.ident, tt.description, tt.basic, d.Name, d.Firmware, tt.name, tt.firmware)
		}
	}
}

// TestOnOffLine checks what the portal says of a UPS: whatever is not online is
// down, and has no readings.
func TestOnOffLine(t *testing.T) {
	t.Parallel()
	for word, up := range map[string]bool{
		`"online"`: true, `"Online"`: true, `" ONLINE "`: true, `"on"`: true, `true`: true, `1`: true,
		`null`: true, `""`: true, `{}`: true,
		`"offline"`: false, `"off"`: false, `false`: false, `0`: false, `"lost"`: false,
	} {
		var s powersentrix.State
		merge(t, &s, "cases/document/2-data.json", "")
		if err := s.MergeBasic([]byte(`{"onOffLine":` + word + `}`)); err != nil {
			t.Fatal(err)
		}
		d := s.Device("", powersentrix.Options{Native: true})
		if d.Up != up || (len(d.Outlets) > 0) != up || (len(d.Natives) > 0) != up || len(d.Uptimes) > 0 != up || d.Serial == "" {
			t.Errorf("%s: up is %t with %d outlets and serial number %q", word, d.Up, len(d.Outlets), d.Serial)
		}
	}
}

// TestNativesAreOptional checks that nothing without a documented meaning is
// exported unasked, and that no state is made of it.
func TestNativesAreOptional(t *testing.T) {
	t.Parallel()
	var s powersentrix.State
	merge(t, &s, "cases/document/2-data.json", "")
	if d := s.Device("", powersentrix.Options{}); d.Natives != nil || d.States.Reported() {
		t.Errorf("without being asked, there are the native readings %v and states: %t", d.Natives, d.States.Reported())
	}
	var names []string
	for _, n := range s.Device("", powersentrix.Options{Native: true}).Natives {
		names = append(names, n.Point+"/"+n.ID+"/"+n.Name+"="+n.Value.String())
	}
	want := "settings//forcePowerFromBatteries=0 extraActions/0/event=1 extraActions/0/baseStatus=0 extraActions/0/action=1 upsData//ventilation=0 " +
		"ps/1/status.h.hb.0=1 ps/1/status.h.lb.0=0 ps/1/status.l.hb.0=0 ps/1/status.l.lb.0=1"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the native readings are\n%s\nwant\n%s", got, want)
	}
}
