package powerpulsesim_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	whole := "[" + document + "]"
	for _, tt := range []struct {
		name   string
		fault  simfault.Fault
		status int
		body   string // begins so
		size   int    // at least
		broken bool   // ends before it should
	}{
		{"none", simfault.Fault{}, 200, whole, 0, false},
		{"status", simfault.Fault{Status: 500}, 500, "", 0, false},
		{"page", simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"}, 200, "<!DOCTYPE html>", 0, false},
		{"half", simfault.Fault{Half: true}, 200, whole[:len(whole)/2], len(whole) / 2, true},
		{"redirect", simfault.Fault{Location: "http://192.0.2.1/"}, 302, "", 0, false},
		{"huge", simfault.Fault{Size: 1 << 20}, 200, `["plenty","plenty",`, 1 << 20, false},
		{"types", simfault.Fault{WrongTypes: true}, 200, `[{"id":{"value":1},"name":["ups1"]`, 0, false},
		{"delay", simfault.Fault{Delay: time.Nanosecond}, 200, whole, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server, url := recorded(t, powerpulsesim.Options{}, "manual")
			token := logIn(t, url)
			before := server.Stats().BytesOut
			server.SetFault(systems, tt.fault)
			a := get(t, url+systems, token)
			if a.Status != tt.status || !strings.HasPrefix(a.Body, tt.body) || len(a.Body) < tt.size || (a.Err != nil) != tt.broken {
				t.Errorf("%d %v %.80s", a.Status, a.Err, a.Body)
			}
			wait(t, server, func(s powerpulsesim.Stats) bool { return s.InFlight == 0 })
			stats := server.Stats()
			if stats.Requests["GET "+systems] != 1 || stats.MaxInFlight != 1 || stats.BytesOut-before != int64(len(a.Body)) {
				t.Errorf("%+v after %d bytes and %d", stats, before, len(a.Body))
			}
			if other := get(t, url+kiosk, ""); other.Status != http.StatusOK || other.Body != whole {
				t.Errorf("%d of another path", other.Status)
			}
			server.SetFault(systems, simfault.Fault{})
			if again := get(t, url+systems, token); again.Status != http.StatusOK || again.Body != whole {
				t.Errorf("afterwards: %d %.80s", again.Status, again.Body)
			}
		})
	}
}

// A log-in can fail as well, for a while.
func TestFaultOfLogIn(t *testing.T) {
	t.Parallel()
	server, url := recorded(t, powerpulsesim.Options{}, "running")
	server.SetFault(login, simfault.Fault{Status: 503, Times: 2})
	for i, want := range []int{503, 503, 200, 200} {
		if a := ask(t, http.MethodPost, url+login, admin); a.Status != want {
			t.Errorf("%d: %d", i, a.Status)
		}
	}
	if stats := server.Stats(); stats.Logins != 2 || stats.Answers[503] != 2 || stats.Answers[200] != 2 || stats.Requests["POST "+login] != 4 {
		t.Errorf("%+v", stats)
	}
	server.SetFault(login, simfault.Fault{Reset: true})
	if _, err := do(t, http.MethodPost, url+login, admin); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if n := server.Stats().Answers[200]; n != 2 {
		t.Errorf("%d answers", n)
	}
}

// A handler without a server needs no network, and the clock can be a test's.
func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := powerpulsesim.New(powerpulsesim.Options{Latency: 300 * time.Millisecond}, powerpulsesim.MustRecorded("manual"))
		defer server.Close()
		for _, path := range []string{kiosk, systems, "/nothing"} {
			begin := time.Now()
			server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
			if took := time.Since(begin); took != 300*time.Millisecond {
				t.Errorf("%s took %v", path, took)
			}
		}
		server.SetFault(kiosk, simfault.Fault{Status: 500, Delay: time.Second})
		begin := time.Now()
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, kiosk, nil))
		if took := time.Since(begin); took != 1300*time.Millisecond || w.Code != http.StatusInternalServerError {
			t.Errorf("a fault took %v, %d", took, w.Code)
		}
	})
}

// Close waits for nobody who waits for an answer, and refuses who comes after.
func TestCloseDuringAnAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		latency time.Duration
		fault   simfault.Fault
	}{
		{time.Hour, simfault.Fault{}},
		{0, simfault.Fault{Delay: time.Hour}},
		{0, simfault.Fault{Until: make(chan struct{})}},
		{0, simfault.Fault{Size: 1 << 50}},
	} {
		server := powerpulsesim.New(powerpulsesim.Options{Latency: tt.latency}, powerpulsesim.MustRecorded("running"))
		server.SetFault(kiosk, tt.fault)
		simtest.CloseMeanwhile(t, server, kiosk, func() {
			wait(t, server, func(s powerpulsesim.Stats) bool { return s.InFlight == 1 })
		})
	}
}
