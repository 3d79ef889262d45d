package emssim_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

// A fault comes before the token, is of one path, and ends.
func TestFaults(t *testing.T) {
	t.Parallel()
	const whole = `{"realtime":{"100":{"uid":100,"si":29,"v":230.4,"t":1752493029975,"r":0,"s":1},"101":{"uid":101,"si":30,"v":2.5,"t":1752493029975,"r":0,"s":1}}}`
	const path = "/v1/realtime"
	for _, tt := range []struct {
		name   string
		fault  simfault.Fault
		status int
		body   string
		broken bool
	}{
		{"status", simfault.Fault{Status: 500}, 500, "", false},
		{"forbidden", simfault.Fault{Status: 403, Body: []byte(`{"message":"no"}`)}, 403, `{"message":"no"}`, false},
		{"page", simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"}, 200, simfault.HTMLPage, false},
		{"half", simfault.Fault{Half: true}, 200, whole[:len(whole)/2], true},
		{"types", simfault.Fault{WrongTypes: true}, 200, strings.NewReplacer(
			"230.4", `{"value":230.4}`, "2.5", `{"value":2.5}`, ":1752493029975", `:{"value":1752493029975}`, `"uid":100`, `"uid":{"value":100}`,
			`"uid":101`, `"uid":{"value":101}`, ":29", `:{"value":29}`, ":30", `:{"value":30}`, `"r":0`, `"r":{"value":0}`, `"s":1`, `"s":{"value":1}`,
		).Replace(whole), false},
		{"redirect", simfault.Fault{Location: "http://192.0.2.1/"}, 302, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ems, get := session(t, emssim.Options{}, emssim.MustRecorded("manual"))
			tt.fault.Times = 1
			ems.SetFault(path, tt.fault)
			if a := get("/v1/realtime/100"); a.Status != http.StatusOK {
				t.Errorf("another path: %d", a.Status)
			}
			before := ems.Stats().BytesOut
			a := get(path)
			if a.Status != tt.status || a.Body != tt.body || (a.Err != nil) != tt.broken {
				t.Errorf("%d %v %s", a.Status, a.Err, a.Body)
			}
			stats := ems.Stats()
			if n := stats.BytesOut - before; n != int64(len(tt.body)) {
				t.Errorf("%d bytes of %d", n, len(tt.body))
			}
			if stats.Requests["GET "+path] != 1 || tt.status != 200 && stats.Answers[tt.status] != 1 {
				t.Errorf("%+v", stats)
			}
			if a := get(path); a.Body != whole {
				t.Errorf("afterwards: %d %s", a.Status, a.Body)
			}
		})
	}
}

// A log-in may misbehave, too; a connection that is reset has no answer.
func TestReset(t *testing.T) {
	t.Parallel()
	ems, url := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("manual"))
	ems.SetFault("/v1/auth/login", simfault.Fault{Reset: true})
	if a, err := simtest.Do(t, http.MethodPost, url+"/v1/auth/login", credentials, "Content-Type", "application/json"); err == nil {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if s := ems.Stats(); len(s.Answers) != 0 || s.InFlight != 0 || s.Requests["POST /v1/auth/login"] != 1 {
		t.Errorf("%+v", s)
	}
}

// A flood is counted while it runs.
func TestFlood(t *testing.T) {
	t.Parallel()
	ems, get := session(t, emssim.Options{}, emssim.MustRecorded("manual"))
	before := ems.Stats().BytesOut
	ems.SetFault("/v1/devices", simfault.Fault{Size: 1 << 20})
	a := get("/v1/devices")
	if n := ems.Stats().BytesOut - before; a.Status != http.StatusOK || n != int64(len(a.Body)) || n < 1<<20 {
		t.Errorf("%d bytes, %d counted", len(a.Body), n)
	}
}

// A handler without a server needs no network, and the clock can be a test's.
func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ems := emssim.New(emssim.Options{Latency: 40 * time.Millisecond}, emssim.MustRecorded("manual"))
		defer ems.Close()
		ems.SetFault("/v1/sn", simfault.Fault{Status: 503, Delay: time.Minute})
		for path, want := range map[string]time.Duration{"/ver": 40 * time.Millisecond, "/v1/sn": time.Minute + 40*time.Millisecond} {
			begin := time.Now()
			ems.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
			if took := time.Since(begin); took != want {
				t.Errorf("%s took %v, want %v", path, took, want)
			}
		}
	})
}

// Close waits for nobody who waits, and refuses who comes after.
func TestCloseMeanwhile(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		options emssim.Options
		fault   simfault.Fault
	}{
		{emssim.Options{}, simfault.Fault{Delay: time.Hour}},
		{emssim.Options{}, simfault.Fault{Until: make(chan struct{})}},
		{emssim.Options{}, simfault.Fault{Size: 1 << 50}},
		{emssim.Options{Latency: time.Hour}, simfault.Fault{}},
	} {
		ems := emssim.New(tt.options, emssim.MustRecorded("manual"))
		ems.SetFault("/ver", tt.fault)
		simtest.CloseMeanwhile(t, ems, "/ver", func() { wait(t, ems, func(s emssim.Stats) bool { return s.InFlight == 1 }) })
	}
}

// The most that ask at the same time are counted.
func TestMaxInFlight(t *testing.T) {
	t.Parallel()
	ems, url := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("manual"))
	open := make(chan struct{})
	ems.SetFault("/ver", simfault.Fault{Until: open})
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if a, err := simtest.Do(t, http.MethodGet, url+"/ver", ""); err != nil || a.Status != http.StatusOK {
				t.Errorf("%d, %v", a.Status, err)
			}
		})
	}
	wait(t, ems, func(s emssim.Stats) bool { return s.InFlight == 3 })
	close(open)
	group.Wait()
	if s := ems.Stats(); s.InFlight != 0 || s.MaxInFlight != 3 || s.Requests["GET /ver"] != 3 || s.Answers[200] != 3 || s.BytesOut != 3*int64(len(`{"api_ver":1}`)) {
		t.Errorf("%+v", s)
	}
}
