package simfault_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
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

// get asks for what must be answered.
func get(t *testing.T, url string) simtest.Answer {
	t.Helper()
	return simtest.Ask(t, http.MethodGet, url, "")
}
