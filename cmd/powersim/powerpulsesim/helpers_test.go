package powerpulsesim_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simtest"
)

const (
	systems = "/api/ups/systems"
	kiosk   = systems + "/kiosk"
	login   = "/api/auth/login"
	admin   = `{"username":"admin","password":"your_password"}`
)

// do sends a request, whose body is JSON where there is one, and reads the answer.
func do(t *testing.T, method, url, body string, headers ...string) (simtest.Answer, error) {
	t.Helper()
	if body != "" {
		headers = append([]string{"Content-Type", "application/json"}, headers...)
	}
	return simtest.Do(t, method, url, body, headers...)
}

// ask is do for requests that must be answered.
func ask(t *testing.T, method, url, body string, headers ...string) simtest.Answer {
	t.Helper()
	a, err := do(t, method, url, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// get asks with a token, or without where it is "".
func get(t *testing.T, url, token string) simtest.Answer {
	t.Helper()
	if token == "" {
		return ask(t, http.MethodGet, url, "")
	}
	return ask(t, http.MethodGet, url, "", "Authorization", "Bearer "+token)
}

// logIn gives a token of the administrator.
func logIn(t *testing.T, url string) string {
	t.Helper()
	a := ask(t, http.MethodPost, url+login, admin)
	if a.Status != http.StatusOK {
		t.Fatalf("logging in: %d %s", a.Status, a.Body)
	}
	return simtest.Decoded[struct{ Token string }](t, a.Body).Token
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, server *powerpulsesim.Server, wanted func(powerpulsesim.Stats) bool) {
	t.Helper()
	simtest.Wait(t, server.Wait, wanted)
}

// recorded plays a recorded model.
func recorded(t *testing.T, options powerpulsesim.Options, name string) (server *powerpulsesim.Server, url string) {
	t.Helper()
	m, err := powerpulsesim.Recorded(name)
	if err != nil {
		t.Fatal(err)
	}
	return powerpulsesim.Start(t, options, m)
}

// system is a UPS system as a client reads it; a pointer is nil where the
// member is null or missing.
type system struct {
	ID               int
	Name             string
	Nickname         *string
	DisplayName      string
	UpsName          string
	NutServerID      int
	Model            *string
	Status           string
	BatteryCharge    *float64
	BatteryVoltage   *float64
	InputVoltage     *float64
	OutputVoltage    *float64
	RuntimeRemaining *float64
	Load             *float64
	Temperature      *float64
	BatteryDetails   *struct{ Charge, ChargeLow, Runtime, Voltage float64 }
	DeviceDetails    *struct{ Mfr, Model, Serial string }
	InputDetails     *struct{ Voltage float64 }
	OutputDetails    *struct{ Voltage float64 }
	UpsDetails       *struct {
		Load                  float64
		Model, Serial, Status string
		Temperature           *float64
	}
	RawVariables json.RawMessage
}
