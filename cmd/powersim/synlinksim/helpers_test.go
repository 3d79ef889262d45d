package synlinksim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
)

// bearer is the administrator's credential.
const bearer = "Bearer " + synlinksim.AdminToken

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

// get asks as the administrator.
func get(t *testing.T, url string) answer {
	t.Helper()
	return ask(t, http.MethodGet, url, "", "Authorization", bearer)
}

// logIn gives the session of the administrator.
func logIn(t *testing.T, url string) string {
	t.Helper()
	a := ask(t, http.MethodPost, url+"/login", `{"username":"admin","password":"admin"}`)
	if a.status != http.StatusOK {
		t.Fatalf("logging in: %d %s", a.status, a.body)
	}
	return a.header.Get("Token")
}

// wait waits until the counts are as wanted.
func wait(t *testing.T, pdu *synlinksim.PDU, wanted func(synlinksim.Stats) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := pdu.Wait(ctx, wanted); err != nil {
		t.Fatal(err)
	}
}

// recorded plays a recorded model.
func recorded(t *testing.T, options synlinksim.Options, name string) (pdu *synlinksim.PDU, url string) {
	t.Helper()
	m, err := synlinksim.Recorded(name)
	if err != nil {
		t.Fatal(err)
	}
	return synlinksim.Start(t, options, m)
}

// decoded is a reply as maps and slices.
func decoded[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}
