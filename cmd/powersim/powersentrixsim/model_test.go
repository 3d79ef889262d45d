package powersentrixsim_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powersentrixsim"
)

// Nothing of a model gets lost, changes or moves between its file and the wire.
func TestModelsAreSentAsRecorded(t *testing.T) {
	files, err := filepath.Glob("models/*.json")
	if err != nil || len(files) != len(powersentrixsim.Models()) {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range powersentrixsim.Models() {
		text, err := os.ReadFile(filepath.Join("models", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := json.Compact(&want, text); err != nil {
			t.Fatal(err)
		}
		u := ups(t, powersentrixsim.Options{}, name)
		if diff := cmp.Diff(want.String(), string(u.Data())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The document's samples, to the byte but for spaces and comments.
func TestManual(t *testing.T) {
	u := ups(t, powersentrixsim.Options{}, "manual")
	const ident = `{"sn":"PSX-2024-001234","type":"PWX-12-4422","comFirmware":"v3.2.1","mainFirmware":"v2.1.0","comUptime":"2d 14h 33m","mainUptime":"5d 02h 11m","cpuLoad":12,"totalRamSize":327680,"freeRamSize":218340,"info":""}`
	if got := string(u.Ident()); got != ident {
		t.Error(got)
	}
	got := string(u.Data())
	for _, part := range []string{
		`{"config":{"settings":{"dhcp":1,"ip":"192.168.1.100","netmask":"255.255.255.0","gateway":"192.168.1.1","dns":"8.8.8.8","ntpServer":"pool.ntp.org","timezone":"CET-1CEST,M3.5.0,M10.5.0/3","forcePowerFromBatteries":0,"remoteServer":{"serverUrl":"https://view.powersentrix.com","companyId":"abc123","upsId":"ups-01"}},"outputs":[{"id":0,"description":"Router","status":"ON","voltage":4810},`,
		`],"extraActions":[{"id":"0","event":1,"baseStatus":0,"action":1}],"ident":` + ident + `},"upsData":{"voltages":[4810,4805,2410,2408,1205,1202,502,501,0,0,0,0],"currents":[150,320,200,0,0,0,0,0,0,0,0,0],"outputs":[1,1,1,0,1,1,0,0,0,0,0,0],"ventilation":0,"uptime":"5d 02h 11m","temps":{"board":42,"mcu":51},"ps":[{"main":5410,"load":4810,"batt":5220,"buv":4800,"cell":[1305,1308,1302,1305],"status":{"h":{"hb":[1],"lb":[0]},"l":{"hb":[0],"lb":[1]}}}]}}`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
	if u.CMM() != "ups-01" {
		t.Error(u.CMM())
	}
}

// consistent holds the parts of what a UPS says against each other.
func consistent(t *testing.T, name string, d powersentrixsim.Data) {
	t.Helper()
	readings := d.UPSData
	for i, o := range d.Config.Outputs {
		on := map[string]int{"ON": 1, "OFF": 0}
		if o.ID != i || readings.Outputs[i] != on[o.Status] || o.Voltage != readings.Voltages[i] {
			t.Errorf("%s: output %+v, but %d and %d", name, o, readings.Outputs[i], readings.Voltages[i])
		}
		if o.Status == "OFF" && readings.Currents[i] != 0 {
			t.Errorf("%s: output %d is off and draws %d", name, i, readings.Currents[i])
		}
	}
	for i, s := range readings.PS {
		sum := 0
		for _, c := range s.Cell {
			sum += c
		}
		if len(s.Cell) > 0 && sum != *s.Batt {
			t.Errorf("%s: the cells of battery %d have %d, it has %d", name, i, sum, *s.Batt)
		}
		if s.BUV != nil && *s.Batt <= *s.BUV {
			t.Errorf("%s: battery %d has %d", name, i, *s.Batt)
		}
	}
	if i := d.Config.Ident; i != nil && i.MainUptime != "" && i.MainUptime != readings.Uptime {
		t.Errorf("%s: up for %s and for %s", name, i.MainUptime, readings.Uptime)
	}
}

// Each model is what it is for.
func TestModelTraits(t *testing.T) {
	all := map[string]powersentrixsim.Data{}
	for _, name := range powersentrixsim.Models() {
		all[name] = data(t, ups(t, powersentrixsim.Options{}, name))
		consistent(t, name, all[name])
	}
	full, ten := all["full"], all["tenmilliamp"]
	if len(full.UPSData.PS) != 2 || len(full.UPSData.Voltages) != 12 || len(full.Config.Outputs) != 12 || len(full.Config.ExtraActions) != 4 {
		t.Errorf("full: %+v", full)
	}
	for i, c := range full.UPSData.Currents {
		if ten.UPSData.Currents[i]*10 != c {
			t.Errorf("output %d: %d mA, and %d times 10 mA", i, c, ten.UPSData.Currents[i])
		}
	}
	if minimal := all["minimal"]; minimal.Config.Settings != nil || minimal.Config.Outputs != nil || len(minimal.UPSData.PS) != 1 || minimal.UPSData.PS[0].Cell != nil {
		t.Errorf("minimal: %+v", minimal)
	}
	// A load that the batteries could feed: hundreds of watts, not tens of
	// kilowatts.
	watts := 0.0
	for i, c := range full.UPSData.Currents {
		watts += float64(c) / 1000 * float64(full.UPSData.Voltages[i]) / 100
	}
	if watts < 200 || watts > 500 {
		t.Errorf("%v W", watts)
	}
}

func TestAs(t *testing.T) {
	full := powersentrixsim.MustRecorded("full")
	other := powersentrixsim.NewUPS(powersentrixsim.Options{}, full.As("a", "b"))
	defer other.Close()
	d := data(t, other)
	if other.CMM() != "a" || d.Config.Settings.RemoteServer.UPSID != "a" || d.Config.Ident.SN != "b" {
		t.Errorf("%s %+v", other.CMM(), d)
	}
	if full.CMM != "ups-full" || full.Data.Config.Settings.RemoteServer.UPSID != "ups-full" || full.Data.Config.Ident.SN != "PSX-2025-000418" {
		t.Errorf("the model has changed: %+v", full)
	}
	nothing := powersentrixsim.NewUPS(powersentrixsim.Options{}, powersentrixsim.Model{}.As("c", "d"))
	defer nothing.Close()
	if string(nothing.Data()) != "{}" || string(nothing.Ident()) != "{}" || nothing.CMM() != "c" {
		t.Errorf("%s, %s", nothing.Data(), nothing.Ident())
	}
}

func TestUnknownModel(t *testing.T) {
	if _, err := powersentrixsim.Recorded("nothing"); err == nil || err.Error() != `no model "nothing", there are full, manual, minimal, tenmilliamp` {
		t.Error(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	powersentrixsim.MustRecorded("nothing")
}
