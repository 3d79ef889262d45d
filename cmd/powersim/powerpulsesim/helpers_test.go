package powerpulsesim_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powerpulsesim"
)

const (
	systems = "/api/ups/systems"
	kiosk   = systems + "/kiosk"
	login   = "/api/auth/login"
	admin   = `{"username":"admin","password":"your_password"}`
)

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of the body
}

// do sends a request that follows no redirect, and reads the answer.
func do(t *testing.T, method, url, body string, headers ...string) (answer, error) {
	t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text), errors.Join(err, resp.Body.Close())}, nil
}

// ask is do for requests that must be answered.
func ask(t *testing.T, method, url, body string, headers ...string) answer {
	t.Helper()
	a, err := do(t, method, url, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// get asks with a token, or without where it is "".
func get(t *testing.T, url, token string) answer {
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
	if a.status != http.StatusOK {
		t.Fatalf("logging in: %d %s", a.status, a.body)
	}
	return decoded[struct{ Token string }](t, a.body).Token
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, server *powerpulsesim.Server, wanted func(powerpulsesim.Stats) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := server.Wait(ctx, wanted); err != nil {
		t.Fatal(err)
	}
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

// decoded is a reply as a value.
func decoded[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// clock is one that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// move lets time pass.
func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
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
