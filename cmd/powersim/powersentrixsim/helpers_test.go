package powersentrixsim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
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
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text), err}, nil
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

// decoded is a JSON text as a value.
func decoded[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// soon is a context that ends a test that hangs.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// ups is a UPS of a recorded model that listens nowhere.
func ups(t *testing.T, options powersentrixsim.Options, model string) *powersentrixsim.UPS {
	t.Helper()
	u := powersentrixsim.NewUPS(options, powersentrixsim.MustRecorded(model))
	t.Cleanup(func() {
		if err := u.Close(); err != nil {
			t.Error(err)
		}
	})
	return u
}

// data is what a UPS says of itself.
func data(t *testing.T, u *powersentrixsim.UPS) powersentrixsim.Data {
	t.Helper()
	return decoded[powersentrixsim.Data](t, string(u.Data()))
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

// sink is a log that can be read while it is written.
type sink struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write takes a part of the log.
func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// String is the log so far.
func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}
