package synlinksim_test

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

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

func TestFaults(t *testing.T) {
	const path = "/api/sensors"
	whole := `[{"sensorId":"2","sensorPort":"B"`
	for _, tt := range []struct {
		name   string
		fault  synlinksim.Fault
		status int
		body   string // begins so
		size   int    // at least
		broken bool   // ends before it should
	}{
		{"none", synlinksim.Fault{}, 200, whole, 0, false},
		{"status", synlinksim.Fault{Status: 500}, 500, "", 0, false},
		{"status with a body", synlinksim.Fault{Status: 502, Body: []byte("x"), ContentType: "text/plain"}, 502, "x", 0, false},
		{"page", synlinksim.Fault{Body: []byte(synlinksim.HTMLPage), ContentType: "text/html"}, 200, "<!DOCTYPE html>", 0, false},
		{"empty", synlinksim.Fault{Body: []byte{}}, 200, "", 0, false},
		{"half", synlinksim.Fault{Half: true}, 200, whole, 50, true},
		{"half of another body", synlinksim.Fault{Body: []byte("abcd"), Half: true}, 200, "ab", 2, true},
		{"redirect", synlinksim.Fault{Location: "http://192.0.2.1/"}, 302, "", 0, false},
		{"redirect for good", synlinksim.Fault{Location: "http://192.0.2.1/", Status: 308}, 308, "", 0, false},
		{"huge", synlinksim.Fault{Size: 1 << 20}, 200, `["plenty","plenty",`, 1 << 20, false},
		{"types", synlinksim.Fault{WrongTypes: true}, 200, `[{"sensorId":["2"],"sensorPort":["B"]`, 0, false},
		{"delay", synlinksim.Fault{Delay: time.Nanosecond}, 200, whole, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pdu, url := recorded(t, synlinksim.Options{}, "single8")
			pdu.SetFault(path, tt.fault)
			a := get(t, url+path)
			if a.Status != tt.status || !strings.HasPrefix(a.Body, tt.body) || len(a.Body) < tt.size || (a.Err != nil) != tt.broken {
				t.Errorf("%d %v %.80s", a.Status, a.Err, a.Body)
			}
			if a.Header.Get("Location") != tt.fault.Location || tt.fault.ContentType != "" && a.Header.Get("Content-Type") != tt.fault.ContentType {
				t.Error(a.Header)
			}
			if other := get(t, url+"/api/device"); other.Status != http.StatusOK {
				t.Errorf("%d of another path", other.Status)
			}
			pdu.SetFault(path, synlinksim.Fault{})
			if again := get(t, url+path); again.Status != http.StatusOK || !strings.HasPrefix(again.Body, whole) {
				t.Errorf("afterwards: %d %.80s", again.Status, again.Body)
			}
		})
	}
}

// Nothing in a reply keeps its type.
func TestWrongTypes(t *testing.T) {
	pdu, url := recorded(t, synlinksim.Options{}, "single8")
	pdu.SetFault("/api/banks", synlinksim.Fault{WrongTypes: true})
	if err := pdu.Set("banks/0/nothing", nil); err != nil {
		t.Fatal(err)
	}
	body := get(t, url+"/api/banks").Body
	for _, part := range []string{`[{"id":{"value":16777225},"inletId":["I1-1000016"],`, `"circuitBreakerClosed":"true"`, `"nothing":null`} {
		if !strings.Contains(body, part) {
			t.Errorf("no %s in %s", part, body)
		}
	}
}

func TestReset(t *testing.T) {
	pdu, url := recorded(t, synlinksim.Options{}, "single8")
	pdu.SetFault("/login", synlinksim.Fault{Reset: true})
	if _, err := simtest.Do(t, http.MethodPost, url+"/login", "{}"); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if n := len(pdu.Stats().Answers); n != 0 {
		t.Errorf("%d answers", n)
	}
}

func TestFaultTimes(t *testing.T) {
	pdu, url := recorded(t, synlinksim.Options{}, "single8")
	pdu.SetFault("/api/device", synlinksim.Fault{Status: 503, Times: 2})
	for i, want := range []int{503, 503, 200, 200} {
		if a := get(t, url+"/api/device"); a.Status != want {
			t.Errorf("%d: %d", i, a.Status)
		}
	}
}

// A handler without a server needs no network, and the clock can be a test's.
func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("single8"))
		defer pdu.Close()
		pdu.SetFault("/api/device", synlinksim.Fault{Delay: time.Minute})
		begin := time.Now()
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/device", nil)
		r.Header.Set("Authorization", bearer)
		pdu.ServeHTTP(w, r)
		if w.Code != http.StatusOK || time.Since(begin) != time.Minute {
			t.Errorf("%d after %v", w.Code, time.Since(begin))
		}
	})
}

// Close waits for nobody who waits for a fault, and refuses who comes after.
func TestCloseDuringAFault(t *testing.T) {
	for _, fault := range []synlinksim.Fault{{Delay: time.Hour}, {Until: make(chan struct{})}, {Size: 1 << 50}} {
		pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded("single8"))
		pdu.SetFault("/api/device", fault)
		simtest.CloseMeanwhile(t, pdu, "/api/device", func() {
			wait(t, pdu, func(s synlinksim.Stats) bool { return s.InFlight == 1 })
		})
	}
}
