package synlinksim_test

import (
	"net/http"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

// What the document prints for each endpoint, from its beginning.
func TestDocument(t *testing.T) {
	_, url := recorded(t, synlinksim.Options{}, "manual")
	for path, want := range map[string]string{
		"/api/device":  `{"numBanks":3,"numOutlets":36,"numInlets":1,"inletPlug":"L21-30P","outletPwrMeasurementsSupported":true,"outletSwitchingSupported":true,"enclosureSerialNumber":"1024122712","modelNumber":"SP-3001CA-HA","inletConfig":"standard","formFactor":"0U","controllerSerialNumber":"1921218731","controllerFirmwareVersion":"0.1.2","controllerHardwareVersion":"1.0.1","circuitBreakerProtection":true,"uptime":19284619}`,
		"/api/inlets":  `[{"id":"17374353","inletType":"single","inletPlug":"NEMA L21-30P","inletName":"NEMA L6-20P Inlet","inletLineConfiguration":"L-L","inletEnergyAccumulation":89,"inletCurrentRms":4.2,"inletVoltageRms":202.4,"inletLineFrequency":59.9,"inletPowerFactor":0.8,"inletActivePower":11,"inletApparentPower":10}]`,
		"/api/banks":   `[{"id":286331153,"firmwareVersion":"1.0.1","hardwareVersion":"1.0.0","outletSwitchingSupported":true,"outletMeteringSupported":true,"currentRms":0.807,"voltageRms":119.900,"lineFrequency":60.138,"powerFactor":0.810,"activePower":-0.009,"apparentPower":0.930,"energyAccumulation":42,`,
		"/api/outlets": `[{"id":"1-286331153","outletName":"Outlet 1","pwrOnState":"PREV","outletIndex":1,"receptacle":"IEC 60320 C19","currentRms":1.1,"state":"ON","bankId":"286331153","customRebootTimeEnabled":false,`,
		// The text calls this an array.
		"/api/groups":      `{"groupName":"Modem/Router Equipment","id":"1","groupRebootSequenceDelay":3,"outlets":[{"outletName":"Outlet 20","id":"20-572662306","pwrOnState":"PREV","outletIndex":8,"currentRms":0,"state":"On","bankId":572662306,"watts":0},`,
		"/api/sensors":     `[{"sensorId":"1","sensorPort":"A","sensorName":"Temperature & Humidity Sensor","sensorDescription":"Temperature & Humidity Sensor","sensorTempInC":22.90574836730957,`,
		"/api/conf":        `{"hostName":"SynLink","macAddr":"3A:D2:21:D3:82:45","webPort":80,`,
		"/api/events":      `[{"name":"16A Warning Threshold for Banks/Circuit Breaker","id":2,"enabled":true,"code":31,"numTicksBeyond":0,"triggered":false,"params":["any","16","10"],"actions":[1,2]}]`,
		"/api/actions":     `[{"name":"Reboot Router Outlet","id":3,"enabled":true,"code":12,"params":["4-286331153"]}]`,
		"/api/kwhHist":     `[{"bankName":"Bank 1","inletId":"I1-1502793","serialNumber":2001599,"data":[{"timestamp":0,"kwh":0},`,
		"/api/diagnostics": `{"lifetimeInletEnergyAccumulation":`,
	} {
		a := get(t, url+path)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/json" || !strings.HasPrefix(a.Body, want) {
			t.Errorf("%s: %d %v %s", path, a.Status, a.Header, a.Body)
		}
	}
	if n := strings.Count(get(t, url+"/api/conf").Body, "usbFwupdateControlEnabled"); n != 2 {
		t.Errorf("usbFwupdateControlEnabled is there %d times, the document has it twice", n)
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		method, path, authorization string
		status                      int
		allow                       string
		write                       bool
	}{
		{"GET", "/", bearer, 404, "", false},
		{"GET", "/api", bearer, 404, "", false},
		{"GET", "/api/", bearer, 404, "", false},
		{"GET", "/api/device/", bearer, 404, "", false},
		{"GET", "/api/users", "", 404, "", false},
		{"GET", "/api/system/nothing", bearer, 404, "", false},
		{"PUT", "/api/nothing", bearer, 404, "", true},
		{"GET", "/login", "", 405, "POST", false},
		{"PUT", "/login", "", 405, "POST", true},
		{"POST", "/ws", bearer, 405, "GET", true},
		{"HEAD", "/api/device", bearer, 405, "GET", true},
		{"POST", "/api/device", bearer, 405, "GET", true},
		{"PUT", "/api/groups", bearer, 405, "GET, POST", true},
		{"DELETE", "/api/outlets/1", bearer, 405, "PUT, POST", true},
		{"GET", "/api/outlets/1", bearer, 405, "PUT, POST", false},
		{"PUT", "/api/outlets/1", bearer, 403, "", true},
		{"PUT", "/api/outlets/1", "", 401, "", true},
		{"POST", "/api/outlets/1", bearer, 403, "", true},
		{"PUT", "/api/inlets/17374353", bearer, 403, "", true},
		{"PUT", "/api/banks/286331153", bearer, 403, "", true},
		{"PUT", "/api/sensors/B/outputRelay/1", bearer, 403, "", true},
		{"PUT", "/api/sensors/B/digitalInputs/1", bearer, 403, "", true},
		{"PUT", "/api/sensors/B/other/1", bearer, 404, "", true},
		{"POST", "/api/groups", bearer, 403, "", true},
		{"PUT", "/api/groups/1", bearer, 403, "", true},
		{"DELETE", "/api/groups/1", bearer, 403, "", true},
		{"POST", "/api/conf", bearer, 403, "", true},
		{"POST", "/api/events", bearer, 403, "", true},
		{"DELETE", "/api/events/1", bearer, 403, "", true},
		{"POST", "/api/actions/1", bearer, 403, "", true},
		{"POST", "/api/system/reboot", bearer, 403, "", true},
		{"POST", "/api/system/configReset", bearer, 403, "", true},
		{"POST", "/api/system/firmware", bearer, 403, "", true},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			pdu, url := recorded(t, synlinksim.Options{}, "single8")
			before := string(pdu.Reply("outlets"))
			a := simtest.Ask(t, tt.method, url+tt.path, `{"state":"OFF"}`, "Authorization", tt.authorization)
			if a.Status != tt.status || a.Header.Get("Allow") != tt.allow {
				t.Errorf("%d, allow %q", a.Status, a.Header.Get("Allow"))
			}
			stats := pdu.Stats()
			writes := 0
			if tt.write {
				writes = 1
			}
			if len(stats.Writes) != writes || stats.Writes[tt.method+" "+tt.path] != writes {
				t.Errorf("writes: %v", stats.Writes)
			}
			if stats.Requests[tt.path] != 1 || stats.Answers[tt.status] != 1 {
				t.Errorf("%+v", stats)
			}
			if string(pdu.Reply("outlets")) != before {
				t.Error("the outlets have changed")
			}
		})
	}
}

func TestReplies(t *testing.T) {
	pdu, url := recorded(t, synlinksim.Options{}, "single8")
	if err := pdu.Set("outlets/1/currentRms", 2.5); err != nil {
		t.Fatal(err)
	}
	if err := pdu.Set("device/note", map[string]any{"is": []string{"new"}}); err != nil {
		t.Fatal(err)
	}
	if body := get(t, url+"/api/outlets").Body; !strings.Contains(body, `"currentRms":2.5,`) {
		t.Error(body)
	}
	if body := get(t, url+"/api/device").Body; !strings.HasSuffix(body, `,"note":{"is":["new"]}}`) {
		t.Error(body)
	}
	for _, place := range []string{"", "device", "nothing/x", "outlets/8/state", "outlets/x/state", "outlets/-1/state", "device/uptime/x"} {
		if err := pdu.Set(place, 1); err == nil {
			t.Errorf("%q was set", place)
		}
	}
	if err := pdu.Set("device/x", func() {}); err == nil {
		t.Error("a function was set")
	}
	if err := pdu.SetReply("sensors", `["Größe ☃ \"\\\u0007"]`); err != nil {
		t.Fatal(err)
	}
	if body := get(t, url+"/api/sensors").Body; body != `["Größe ☃ \"\\\u0007"]` {
		t.Error(body)
	}
	for _, text := range []string{"[", "{\"a\"", "{\"a\":}", "1 2", "[1,", "{}}", "]"} {
		if err := pdu.SetReply("sensors", text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
	if err := pdu.SetReply("diagnostics", ""); err != nil {
		t.Fatal(err)
	}
	if a := get(t, url+"/api/diagnostics"); a.Status != http.StatusNotFound {
		t.Errorf("%d of a reply that is not there", a.Status)
	}
	if pdu.Reply("diagnostics") != nil {
		t.Error("the reply is there")
	}
}
