package powerpulsesim_test

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simtest"
)

// document is the sample of all three endpoints, but for the details, of which
// it shows {...}.
const document = `{"id":1,"name":"ups1","nickname":"Server Room UPS","displayName":"Server Room UPS","upsName":"ups1","nutServerId":1,` +
	`"model":"APC Smart-UPS 1500","status":"Online","batteryCharge":100,"batteryVoltage":27.3,"inputVoltage":230.1,"outputVoltage":230.0,` +
	`"runtimeRemaining":120,"load":30,"temperature":25.5,"batteryDetails":{},"deviceDetails":{},"driverDetails":{},"inputDetails":{},` +
	`"outputDetails":{},"upsDetails":{}}`

// known are the systems of a model, as its server has them.
func known(t *testing.T, server *powerpulsesim.Server) []system {
	t.Helper()
	return simtest.Decoded[[]system](t, string(server.Systems()))
}

// made is a server of a recorded model that listens nowhere.
func made(t *testing.T, name string) *powerpulsesim.Server {
	t.Helper()
	server := powerpulsesim.New(powerpulsesim.Options{}, powerpulsesim.MustRecorded(name))
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func TestDocument(t *testing.T) {
	t.Parallel()
	_, url := recorded(t, powerpulsesim.Options{Paths: powerpulsesim.Documented}, "manual")
	token := logIn(t, url)
	for path, want := range map[string]string{
		"/api/ups-systems":       "[" + document + "]",
		"/api/ups-systems/kiosk": "[" + document + "]",
		"/api/ups-systems/1":     document,
	} {
		if a := get(t, url+path, token); a.Body != want {
			t.Errorf("%s: %s", path, a.Body)
		}
	}
}

func TestModels(t *testing.T) {
	t.Parallel()
	names := powerpulsesim.Models()
	if want := strings.Fields("down down-error empty manual mixed raw running"); !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	for _, name := range names {
		_, url := recorded(t, powerpulsesim.Options{}, name)
		token := logIn(t, url)
		if name == "mixed" {
			continue // no two answers are the same
		}
		list, public := get(t, url+systems, token).Body, get(t, url+kiosk, "").Body
		if list != public {
			t.Errorf("%s: the list is %s, the kiosk %s", name, list, public)
		}
		for _, raw := range simtest.Decoded[[]json.RawMessage](t, list) {
			id := strconv.Itoa(simtest.Decoded[system](t, string(raw)).ID)
			if one := get(t, url+systems+"/"+id, token).Body; one != string(raw) {
				t.Errorf("%s: in the list %s, alone %s", name, raw, one)
			}
		}
	}
}

// Each object has the document's members and rawVariables, and no others. A UPS
// without a thermometer has no temperature; one that is down has its own shape.
func TestShapes(t *testing.T) {
	t.Parallel()
	documented := slices.Sorted(maps.Keys(simtest.Decoded[map[string]any](t, document)))
	all := slices.Sorted(slices.Values(append(slices.Clone(documented), "rawVariables")))
	for _, name := range []string{"running", "mixed", "raw", "down", "down-error"} {
		for _, o := range simtest.Decoded[[]map[string]any](t, string(made(t, name).Systems())) {
			if o["status"] == "Unknown" || o["status"] == "Error" {
				continue
			}
			want := slices.Clone(all)
			if _, ok := o["temperature"]; !ok {
				want = slices.DeleteFunc(want, func(key string) bool { return key == "temperature" })
			}
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(o))); diff != "" {
				t.Errorf("%s: %v: %s", name, o["name"], diff)
			}
		}
	}
}

// consistent says where the members of a UPS that is up contradict each other.
func consistent(t *testing.T, name string, s system) {
	t.Helper()
	b, u := s.BatteryDetails, s.UpsDetails
	if *s.BatteryCharge != b.Charge || *s.BatteryVoltage != b.Voltage || *s.Load != u.Load || *s.InputVoltage != s.InputDetails.Voltage || *s.OutputVoltage != s.OutputDetails.Voltage {
		t.Errorf("%s: %s has two values of one reading", name, s.Name)
	}
	if *s.RuntimeRemaining != math.Round(b.Runtime/60) {
		t.Errorf("%s: %s lasts %v min and %v s", name, s.Name, *s.RuntimeRemaining, b.Runtime)
	}
	if *s.Model != s.DeviceDetails.Model || u.Model != *s.Model || u.Serial != s.DeviceDetails.Serial {
		t.Errorf("%s: %s is mixed", name, s.Name)
	}
	if (s.Temperature == nil) != (u.Temperature == nil) || s.Temperature != nil && *s.Temperature != *u.Temperature {
		t.Errorf("%s: %s has two temperatures", name, s.Name)
	}
	for _, v := range []float64{*s.BatteryVoltage, *s.InputVoltage, *s.OutputVoltage} {
		if rounded := math.Round(v*10) / 10; rounded != v {
			t.Errorf("%s: %s has %v V", name, s.Name, v)
		}
	}
	display := s.UpsName
	switch {
	case s.Nickname != nil:
		display = *s.Nickname
	case s.Name == "hall2":
		display = "UPS-A" // its ups.id
	}
	if s.Name != s.UpsName || s.DisplayName != display {
		t.Errorf("%s: %s is called %s", name, s.Name, s.DisplayName)
	}
}

func TestConsistent(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"running", "mixed", "raw"} {
		for i, s := range known(t, made(t, name)) {
			consistent(t, name, s)
			id, nutServer := i+1, i+1
			if name == "mixed" {
				nutServer = 1
			}
			if s.ID != id || s.NutServerID != nutServer {
				t.Errorf("%s: %s is %d of server %d", name, s.Name, s.ID, s.NutServerID)
			}
			if name != "raw" && string(s.RawVariables) != "[]" {
				t.Errorf("%s: %s has the raw variables %s", name, s.Name, s.RawVariables)
			}
		}
	}
}

// The running program's words, zeros and rounding.
func TestRunning(t *testing.T) {
	t.Parallel()
	type row struct {
		Name, Status, Raw, Model, Serial     string
		Charge, Minutes, Seconds, Load, Volt float64
		Warm                                 bool
	}
	var got []row
	for _, s := range known(t, made(t, "running")) {
		got = append(got, row{
			s.Name, s.Status, s.UpsDetails.Status, *s.Model, s.UpsDetails.Serial,
			*s.BatteryCharge, *s.RuntimeRemaining, s.BatteryDetails.Runtime, *s.Load, *s.InputVoltage, s.Temperature != nil,
		})
	}
	want := []row{
		{"homelab", "Online", "OL", "Back-UPS RS 1100S", "5S2207X61840", 96, 39, 2340, 17, 233, true},
		{"branch", "On Battery", "ALARM OB DISCHRG LB RB OFFLINETEST", "5P 1550i", "P351K2209T", 11, 1, 74, 61, 3.2, true},
		{"lab", "Online", "OL CHRG LB", "Smart-UPS 1500", "AS1834120771", 8, 3, 171, 34, 229.7, true},
		{"garage", "Online", "OL", "Unknown", "Unknown", 0, 0, 0, 8, 228.4, false},
		{"attic", "Online", "OL", "Unknown", "Unknown", 0, 0, 0, 0, 0, false},
		{"hall2", "Bypass", "BYPASS OVER", "Trident 40K", "NMT40-2311-00728", 100, 25, 1512, 104, 231.1, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What the objects of raw say is what their NUT variables say.
func TestRaw(t *testing.T) {
	t.Parallel()
	for _, s := range known(t, made(t, "raw")) {
		raw := simtest.Decoded[map[string]string](t, string(s.RawVariables))
		if len(raw) < 50 {
			t.Errorf("%s has %d variables", s.Name, len(raw))
		}
		if s.UpsDetails.Status != raw["ups.status"] || *s.Model != raw["device.model"] || s.UpsDetails.Serial != raw["ups.serial"] {
			t.Errorf("%s: %+v", s.Name, s.UpsDetails)
		}
		for variable, value := range map[string]float64{
			"battery.charge": *s.BatteryCharge, "battery.runtime": s.BatteryDetails.Runtime, "battery.voltage": *s.BatteryVoltage,
			"input.voltage": *s.InputVoltage, "output.voltage": *s.OutputVoltage, "ups.temperature": *s.Temperature,
		} {
			if v, err := strconv.ParseFloat(raw[variable], 64); err != nil || v != value {
				t.Errorf("%s: %s is %q and %v", s.Name, variable, raw[variable], value)
			}
		}
		if v, err := strconv.ParseFloat(raw["ups.load"], 64); err != nil || math.Round(v) != *s.Load {
			t.Errorf("%s: ups.load is %q and %v", s.Name, raw["ups.load"], *s.Load)
		}
	}
}

// A UPS of a NUT server that is down has nulls and no details.
func TestDown(t *testing.T) {
	t.Parallel()
	const nulls = `"batteryCharge":null,"batteryVoltage":null,"inputVoltage":null,"outputVoltage":null,"runtimeRemaining":null,"load":null,"rawVariables":{}}`
	for name, want := range map[string][]string{
		"down": {
			`{"id":2,"name":"office","nickname":"Office","displayName":"Office","upsName":"office","nutServerId":2,"status":"Unknown","batteryCharge":null,"runtimeRemaining":null,"load":null}`,
			`{"id":3,"name":"office2","nickname":null,"displayName":"office2","upsName":"office2","nutServerId":2,"status":"Unknown","batteryCharge":null,"runtimeRemaining":null,"load":null}`,
			`{"id":4,"name":"attic","nickname":null,"displayName":"attic","upsName":"attic","nutServerId":3,"model":"Unknown","status":"Unknown",` + nulls,
		},
		"down-error": {
			`{"id":2,"name":"office","nickname":"Office","displayName":"Office","upsName":"office","nutServerId":2,"model":"Unknown","status":"Error",` + nulls,
		},
	} {
		server := made(t, name)
		if got := known(t, server); len(got) != len(want)+1 || got[0].Status != "Online" || *got[0].Load != 17 {
			t.Errorf("%s: %+v", name, got)
		}
		if text := string(server.Systems()); !strings.HasSuffix(text, ","+strings.Join(want, ",")+"]") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestUnknownModel(t *testing.T) {
	t.Parallel()
	if _, err := powerpulsesim.Recorded("nothing"); err == nil || err.Error() != `no model "nothing", there are down, down-error, empty, manual, mixed, raw, running` {
		t.Error(err)
	}
	for name, panics := range map[string]func(){
		"an unknown model": func() { powerpulsesim.MustRecorded("nothing") },
		"no JSON":          func() { powerpulsesim.New(powerpulsesim.Options{}, powerpulsesim.Model{}) },
		"no objects": func() {
			powerpulsesim.New(powerpulsesim.Options{}, powerpulsesim.Model{Systems: json.RawMessage("[1]")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			panics()
		})
	}
}

// A model that is changed changes no other.
func TestModelIsACopy(t *testing.T) {
	t.Parallel()
	m := powerpulsesim.MustRecorded("manual")
	m.Systems[0] = '{'
	if text := string(made(t, "manual").Systems()); text != "["+document+"]" {
		t.Error(text)
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	server := made(t, "raw")
	for place, value := range map[string]any{"load": nil, "upsDetails/status": "OL <LB>", "rawVariables/ups.load": "99", "note": []int{1, 2}, "upsDetails/temperature": 1.5} {
		if err := server.Set(1, place, value); err != nil {
			t.Errorf("%s: %v", place, err)
		}
	}
	s := known(t, server)[0]
	if s.Load != nil || s.UpsDetails.Status != "OL <LB>" || *s.UpsDetails.Temperature != 1.5 || simtest.Decoded[map[string]string](t, string(s.RawVariables))["ups.load"] != "99" {
		t.Errorf("%+v", s)
	}
	if text := string(server.Systems()); !strings.Contains(text, `},"note":[1,2]},{"id":2,`) {
		t.Error(text)
	}
	for place, id := range map[string]int{"load": 9, "nothing/x": 1, "status/x": 1} {
		if err := server.Set(id, place, 1); err == nil {
			t.Errorf("%s of %d was set", place, id)
		}
	}
	if err := server.Set(2, "upsDetails", map[string]any{"serial": "x"}); err != nil {
		t.Error(err)
	}
	if err := server.Set(2, "upsDetails/model", "y"); err != nil {
		t.Error(err)
	}
	if u := known(t, server)[1].UpsDetails; u.Serial != "x" || u.Model != "y" || u.Status != "" {
		t.Errorf("%+v", u)
	}
	if err := server.Set(1, "load", func() {}); err == nil {
		t.Error("a function was set")
	}
	if err := server.SetSystems(`[{"id":7,"name":"Größe ☃ \"\\\u0007"}]`); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"", "[", "{}", "[1]", "[null]", "[[]]", "[{}", "[{}] 1"} {
		if err := server.SetSystems(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
	if text := string(server.Systems()); text != `[{"id":7,"name":"Größe ☃ \"\\\u0007"}]` {
		t.Error(text)
	}
}
