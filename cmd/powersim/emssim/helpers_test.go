package emssim_test

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

	"power_exporter/cmd/powersim/emssim"
)

// credentials is the body of the log-in of the zero Options' account.
const credentials = `{"username":"admin","password":"s3cret!"}`

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
		return answer{}, err
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

// post sends a body of a log-in to a URL.
func post(t *testing.T, url, body string) answer {
	t.Helper()
	return ask(t, http.MethodPost, url, body, "Content-Type", "application/json")
}

// logIn gives a token of the zero Options' account.
func logIn(t *testing.T, url string) string {
	t.Helper()
	a := post(t, url+"/v1/auth/login", credentials)
	if a.status != http.StatusOK {
		t.Fatalf("logging in: %d %s", a.status, a.body)
	}
	return decoded[struct{ Token string }](t, a.body).Token
}

// session plays a model and logs in: get asks for a path with the token.
func session(t *testing.T, options emssim.Options, model emssim.Model) (ems *emssim.EMS, get func(path string) answer) {
	t.Helper()
	ems, url := emssim.Start(t, options, model)
	token := logIn(t, url)
	return ems, func(path string) answer {
		t.Helper()
		return ask(t, http.MethodGet, url+path, "", "Authorization", "Bearer "+token)
	}
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, ems *emssim.EMS, wanted func(emssim.Stats) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := ems.Wait(ctx, wanted); err != nil {
		t.Fatal(err)
	}
}

// decoded is a reply as Go has it.
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
