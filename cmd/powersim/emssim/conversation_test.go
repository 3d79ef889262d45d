package emssim_test

import (
	"net/http"
	"testing"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simtest"
)

// What the document prints for each request.
func TestDocument(t *testing.T) {
	t.Parallel()
	_, get := session(t, emssim.Options{}, emssim.MustRecorded("manual"))
	const (
		devices  = `"1":{"uid":1,"label":"Main meter","partNumber":"EMS10AV5S1X","system":"1P"},"59":{"uid":59,"label":"EM1","partNumber":"EM24_E1","system":"1P"}`
		main     = `"1":{"uid":1,"label":"Main meter","partNumber":"EMS10AV5S1X","system":"1P"}`
		loads    = `"2":{"uid":2,"label":"Main","enable":true,"index":1,"type":0,"did":1,"meterBus":{"main":true,"system":0,"ct":10,"currentDirections":0,"digitalInputMode":0,"digitalOutputMode":0,"digitalOutputModeNcNo":0,"measureType":0,"startUpCurrentRH":10}}`
		signal   = `"100":{"uid":100,"si":29,"sir":29,"enable":true,"lid":83,"did":82}`
		signal2  = `"101":{"uid":101,"si":30,"sir":30,"enable":true,"lid":83,"did":82}`
		value    = `"100":{"uid":100,"si":29,"v":230.4,"t":1752493029975,"r":0,"s":1}`
		value2   = `"101":{"uid":101,"si":30,"v":2.5,"t":1752493029975,"r":0,"s":1}`
		history3 = `[{"uid":3,"t":1735689659,"p":1735689660,"v":10.5,"d":0,"max":100,"min":0},{"uid":3,"t":1735689719,"p":1735689720,"v":9.3,"d":0,"max":100,"min":0}]`
		history4 = `[{"uid":4,"t":1735689659,"p":1735689660,"v":-93.4,"d":0,"max":100,"min":-100}]`
	)
	for path, want := range map[string]string{
		"/ver":                    `{"api_ver":1}`,
		"/v1/sn":                  `{"sn":"BX10000000"}`,
		"/v1/mac":                 `{"mac":"00:00:5E:00:53:01"}`,
		"/v1/devices":             `{"devices":{` + devices + `}}`,
		"/v1/devices/1":           `{"devices":{` + main + `}}`,
		"/v1/loads":               `{"loads":{` + loads + `}}`,
		"/v1/loads/2":             `{"loads":{` + loads + `}}`,
		"/v1/signals":             `{"signals":{` + signal + `,` + signal2 + `}}`,
		"/v1/signals/101":         `{"signals":{` + signal2 + `}}`,
		"/v1/realtime":            `{"realtime":{` + value + `,` + value2 + `}}`,
		"/v1/realtime/100":        `{"realtime":{` + value + `}}`,
		"/v1/history":             `{"history":{"3":` + history3 + `,"4":` + history4 + `}}`,
		"/v1/history?uids=4,5":    `{"history":{"4":` + history4 + `}}`,
		"/v1/history?uids=5":      `{"history":{}}`,
		"/v1/history/3":           history3,
		"/v1/history/4?start=1":   history4,
		"/v1/devices/1?uids=59":   `{"devices":{` + main + `}}`,
		"/v1/signals/100?page=2":  `{"signals":{` + signal + `}}`,
		"/v1/realtime?nothing=me": `{"realtime":{` + value + `,` + value2 + `}}`,
	} {
		a := get(path)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/json" || a.Body != want {
			t.Errorf("%s: %d %v\n%s, want\n%s", path, a.Status, a.Header, a.Body, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	const badUIDs = `{"message":"uids must be a number from 0 on"}`
	const badProtocol = `{"message":"protocol must be one of rtu, tcp, meterBus, virtual, P1"}`
	for _, tt := range []struct {
		method, path string
		status       int
		allow, body  string
	}{
		{"GET", "/", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1/", 404, "", `{"message":"no such path"}`},
		{"GET", "/devices", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1/devices/", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1/devices/x", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1/devices/0", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1/devices/1/loads", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1/sn/1", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1/devices//1", 404, "", `{"message":"no such path"}`},
		{"GET", "/v1/devices/2", 404, "", `{"message":"not found"}`},
		{"GET", "/v1/loads/1", 404, "", `{"message":"not found"}`},
		{"GET", "/v1/signals/102", 404, "", `{"message":"not found"}`},
		{"GET", "/v1/realtime/102", 404, "", `{"message":"not found"}`},
		{"GET", "/v1/history/100", 404, "", `{"message":"not found"}`},
		{"GET", "/v1/auth/login", 405, "POST", `{"message":"method not allowed"}`},
		{"POST", "/ver", 405, "GET", `{"message":"method not allowed"}`},
		{"PUT", "/v1/loads/2", 405, "GET", `{"message":"method not allowed"}`},
		{"DELETE", "/v1/devices", 405, "GET", `{"message":"method not allowed"}`},
		{"HEAD", "/v1/devices", 405, "GET", ""},
		{"GET", "/v1/devices?uids=1,x", 400, "", badUIDs},
		{"GET", "/v1/devices?uids=", 400, "", badUIDs},
		{"GET", "/v1/loads?uids=1,,2", 400, "", badUIDs},
		{"GET", "/v1/signals?uids=-1", 400, "", badUIDs},
		{"GET", "/v1/realtime?uids=1;2", 400, "", `{"message":"the query is malformed"}`},
		{"GET", "/v1/history?uids=a", 400, "", badUIDs},
		{"GET", "/v1/devices?protocol=modbus", 400, "", badProtocol},
		{"GET", "/v1/devices?protocol=", 400, "", badProtocol},
		{"GET", "/v1/loads?protocol=p1", 400, "", badProtocol},
		{"GET", "/v1/signals?limit=0", 400, "", `{"message":"limit must be a number from 1 on"}`},
		{"GET", "/v1/signals?page=0", 400, "", `{"message":"page must be a number from 1 on"}`},
		{"GET", "/v1/realtime?page=one", 400, "", `{"message":"page must be a number from 1 on"}`},
		{"GET", "/v1/history?limit=-1", 400, "", `{"message":"limit must be a number from 1 on"}`},
		{"GET", "/v1/history?start=yesterday", 400, "", `{"message":"start must be a number from 0 on"}`},
		{"GET", "/v1/history/3?end=now", 400, "", `{"message":"end must be a number from 0 on"}`},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			_, url := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("manual"))
			a := simtest.Ask(t, tt.method, url+tt.path, "", "Authorization", "Bearer "+logIn(t, url))
			if a.Status != tt.status || a.Header.Get("Allow") != tt.allow || a.Body != tt.body {
				t.Errorf("%d, allow %q, %s", a.Status, a.Header.Get("Allow"), a.Body)
			}
		})
	}
}

// Any path can live elsewhere, and is then no longer where it was.
func TestPaths(t *testing.T) {
	t.Parallel()
	paths := emssim.Paths{
		Version: "/api/version", Login: "/api/login", SerialNumber: "/api/serial", MAC: "/api/network/mac",
		Devices: "/api/meters", Loads: "/api/channels", Signals: "/api/quantities", Realtime: "/api/now", History: "/api/then",
	}
	_, url := emssim.Start(t, emssim.Options{Paths: paths}, emssim.MustRecorded("manual"))
	token := simtest.Decoded[struct{ Token string }](t, post(t, url+"/api/login", credentials).Body).Token
	for path, want := range map[string]int{
		"/api/version": 200, "/api/serial": 200, "/api/network/mac": 200,
		"/api/meters": 200, "/api/meters/59": 200, "/api/channels/2": 200, "/api/quantities/100": 200, "/api/now/100": 200, "/api/then/3": 200,
		"/ver": 404, "/v1/sn": 404, "/v1/mac": 404, "/v1/devices": 404, "/v1/loads/2": 404, "/v1/signals": 404, "/v1/realtime": 404, "/v1/history": 404,
	} {
		if a := simtest.Ask(t, http.MethodGet, url+path, "", "Authorization", "Bearer "+token); a.Status != want {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := post(t, url+"/v1/auth/login", credentials); a.Status != http.StatusNotFound {
		t.Errorf("the log-in is where it was: %d", a.Status)
	}
}

// What the EMS does not have it does not tell.
func TestNoSerialNumber(t *testing.T) {
	t.Parallel()
	_, get := session(t, emssim.Options{}, emssim.Model{})
	for path, want := range map[string]string{
		"/v1/sn":       `{"message":"not found"}`,
		"/v1/mac":      `{"message":"not found"}`,
		"/v1/devices":  `{"devices":{}}`,
		"/v1/loads":    `{"loads":{}}`,
		"/v1/signals":  `{"signals":{}}`,
		"/v1/realtime": `{"realtime":{}}`,
	} {
		if a := get(path); a.Body != want {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}

// Only the version is for those without a token.
func TestTokenIsRequired(t *testing.T) {
	t.Parallel()
	ems, url := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("manual"))
	if a := simtest.Ask(t, http.MethodGet, url+"/ver", ""); a.Status != http.StatusOK {
		t.Errorf("/ver: %d", a.Status)
	}
	for _, path := range []string{"/v1/sn", "/v1/mac", "/v1/devices", "/v1/devices/1", "/v1/devices/7", "/v1/loads", "/v1/signals?limit=x", "/v1/realtime", "/v1/history"} {
		if a := simtest.Ask(t, http.MethodGet, url+path, ""); a.Status != http.StatusUnauthorized || a.Body != `{"message":"a token is required"}` {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if n := ems.Stats().BadTokens; n != 9 {
		t.Errorf("%d without a token", n)
	}
}
