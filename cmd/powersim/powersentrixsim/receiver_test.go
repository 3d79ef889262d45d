package powersentrixsim_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
	"time"
)

// acknowledgement is the answer that a UPS wants.
const acknowledgement = `{"responseMessage":"OK"}`

// received is a request as a receiver got it.
type received struct {
	At   time.Duration // since the receiver was made
	What string
	Ord  int // of a record
}

// receiver is what UPSes push to. Its answer decides what becomes of a request;
// without one it acknowledges.
type receiver struct {
	answer func(received, *http.Request) (*http.Response, error)

	mu       sync.Mutex
	begun    time.Time
	got      []received
	requests []*http.Request
	bodies   []string
}

// newReceiver acknowledges all.
func newReceiver() *receiver { return &receiver{begun: time.Now()} }

// RoundTrip takes a request without a network.
func (v *receiver) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var event struct{ Ord int }
	if err := json.Unmarshal(body, &event); err != nil {
		return nil, err
	}
	v.mu.Lock()
	got := received{time.Since(v.begun), path.Base(r.URL.Path), event.Ord}
	v.got = append(v.got, got)
	v.requests = append(v.requests, r)
	v.bodies = append(v.bodies, string(body))
	v.mu.Unlock()
	if v.answer == nil {
		return respond(200, acknowledgement), nil
	}
	return v.answer(got, r)
}

// client sends to the receiver.
func (v *receiver) client() *http.Client { return &http.Client{Transport: v} }

// all is what was received.
func (v *receiver) all() []received {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.got
}

// respond is an answer.
func respond(status int, body string) *http.Response {
	w := httptest.NewRecorder()
	w.WriteHeader(status)
	_, _ = w.WriteString(body) // a recorder never fails
	return w.Result()
}

// hang answers nobody before who asks gives up.
func hang(_ received, r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// refusals are the answers that acknowledge nothing, each with the kind by which
// it is counted.
func refusals() []refusal {
	return []refusal{
		{"503", func(*http.Request) (*http.Response, error) { return respond(503, acknowledgement), nil }},
		{"401", func(*http.Request) (*http.Response, error) { return respond(401, `{"message":"no"}`), nil }},
		{"204", func(*http.Request) (*http.Response, error) { return respond(204, ""), nil }},
		{"302", func(*http.Request) (*http.Response, error) {
			resp := respond(302, acknowledgement)
			resp.Header.Set("Location", "/elsewhere")
			return resp, nil
		}},
		{"not OK", func(*http.Request) (*http.Response, error) { return respond(200, `{"responseMessage":"ERROR"}`), nil }},
		{"not OK", func(*http.Request) (*http.Response, error) { return respond(200, "<html>"), nil }},
		{"connection", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset by peer") }},
		{"connection", func(*http.Request) (*http.Response, error) {
			resp := respond(200, acknowledgement)
			resp.Body = io.NopCloser(io.MultiReader(resp.Body, broken{}))
			return resp, nil
		}},
		{"timeout", func(r *http.Request) (*http.Response, error) { return hang(received{}, r) }},
	}
}

// refusal is an answer that acknowledges nothing.
type refusal struct {
	kind   string
	answer func(*http.Request) (*http.Response, error)
}

// broken is a body that ends too early.
type broken struct{}

// Read fails.
func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// of is what was received of one kind, with the ord of records.
func of(all []received, what string) (ords []int, at []time.Duration) {
	for _, r := range all {
		if r.What == what {
			ords = append(ords, r.Ord)
			at = append(at, r.At)
		}
	}
	return ords, at
}

// equal compares what was received.
func equal[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
		return
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: %v, want %v", what, got, want)
			return
		}
	}
}
