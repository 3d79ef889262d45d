package simtest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// Answer is what a web server said.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	Err    error // of the body
}

// Do sends a request on a connection of its own, follows no redirect, and reads
// the answer. Headers are names and values in turn. The error is about a request
// without an answer.
func Do(tb TB, method, url, body string, headers ...string) (Answer, error) {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), method, url, strings.NewReader(body))
	if err != nil {
		tb.Fatalf("%v", err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	text, err := io.ReadAll(resp.Body)
	return Answer{resp.StatusCode, resp.Header, string(text), errors.Join(err, resp.Body.Close())}, nil
}

// Ask is Do for a request that must be answered.
func Ask(tb TB, method, url, body string, headers ...string) Answer {
	tb.Helper()
	a, err := Do(tb, method, url, body, headers...)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return a
}

// Decoded is a JSON text as a value.
func Decoded[T any](tb TB, text string) (v T) {
	tb.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		tb.Fatalf("%v in %s", err, text)
	}
	return v
}
