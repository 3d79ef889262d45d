package simfault_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/simfault"
)

// reply is what the device of these tests says.
const reply = `{"uid":1,"label":"Größe <1>","on":true,"off":false,"none":null,"list":[1.50,"x",[],{}]}`

// device says reply at every path but /refused and /text, and counts who asks.
func device(asked chan<- string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		asked <- r.Method + " " + r.URL.Path + " " + string(body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Own", "yes")
		switch r.URL.Path {
		case "/refused":
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"message":"no"}`) // the client may have left
		case "/text":
			_, _ = io.WriteString(w, "no JSON") // the client may have left
		default:
			_, _ = io.WriteString(w, reply) // the client may have left
		}
	})
}

// play serves a device until the test ends.
func play(t *testing.T) (set *simfault.Set, url string, asked <-chan string) {
	t.Helper()
	said := make(chan string, 10)
	set = &simfault.Set{}
	server := httptest.NewServer(set.Wrap(device(said)))
	t.Cleanup(server.Close)
	t.Cleanup(set.Close)
	return set, server.URL, said
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
	err    error // of the body
}

// do sends a request that follows no redirect, and reads the answer.
func do(t *testing.T, method, url, body string) (answer, error) {
	t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text), errors.Join(err, resp.Body.Close())}, nil
}

// get is do for a GET that must be answered.
func get(t *testing.T, url string) answer {
	t.Helper()
	a, err := do(t, http.MethodGet, url, "")
	if err != nil {
		t.Fatal(err)
	}
	return a
}
