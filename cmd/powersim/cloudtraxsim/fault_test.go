package cloudtraxsim_test

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

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

// A path misbehaves as its fault says, and the counts see it.
func TestFaults(t *testing.T) {
	t.Parallel()
	whole := `{"powerstrips":[{"powerstrip_id":1,`
	for _, tt := range []struct {
		name   string
		fault  simfault.Fault
		status int
		body   string // begins so
		broken bool   // ends before it should
		bytes  int64  // counted at least
	}{
		{"none", simfault.Fault{}, 200, whole, false, 800},
		{"status", simfault.Fault{Status: 503}, 503, "", false, 0},
		{"page", simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"}, 200, simfault.HTMLPage, false, 100},
		{"half", simfault.Fault{Half: true}, 200, whole, true, 400},
		{"redirect", simfault.Fault{Location: "http://192.0.2.1/"}, 302, "", false, 0},
		{"huge", simfault.Fault{Size: 1 << 20}, 200, `["plenty",`, false, 1 << 20},
		{"types", simfault.Fault{WrongTypes: true}, 200, `{"powerstrips":[{"powerstrip_id":{"value":1},"mac":["ac:86:74:00:00:00"]`, false, 800},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
			tt.fault.Times = 1
			cloud.SetFault(list, tt.fault)
			a := get(t, url, list)
			if a.Status != tt.status || !strings.HasPrefix(a.Body, tt.body) || (a.Err != nil) != tt.broken {
				t.Errorf("%d %v %.80s", a.Status, a.Err, a.Body)
			}
			wait(t, cloud, func(s cloudtraxsim.Stats) bool { return s.InFlight == 0 })
			if s := cloud.Stats(); s.Answers[tt.status] != 1 || s.BytesOut < tt.bytes || s.BytesOut != int64(len(a.Body)) {
				t.Errorf("%+v of %d bytes", s, len(a.Body))
			}
			if again := get(t, url, list); again.Status != http.StatusOK || again.Body != compact(t, "list.json") {
				t.Errorf("afterwards: %d %.80s", again.Status, again.Body)
			}
		})
	}
}

// A fault comes before the checks and the limit, and leaves a refusal whole.
func TestFaultComesFirst(t *testing.T) {
	t.Parallel()
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{RateLimit: cloudtraxsim.RateLimit{Requests: 1}}, cloudtraxsim.Manual())
	unsigned := request{path: list, edit: func(h http.Header) { clear(h) }}
	cloud.SetFault(list, simfault.Fault{Status: 502, Times: 2})
	for i, want := range []int{502, 502, 400, 429} {
		if a := ask(t, url, unsigned); a.Status != want {
			t.Errorf("%d: %d", i, a.Status)
		}
	}
	cloud.SetFault(list, simfault.Fault{WrongTypes: true, Half: true})
	if a := ask(t, url, unsigned); a.Status != 429 || a.Err != nil || !strings.Contains(a.Body, `"code":1000,`) {
		t.Errorf("%d %v %s", a.Status, a.Err, a.Body)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{}, cloudtraxsim.Manual())
	cloud.SetFault(list, simfault.Fault{Reset: true})
	if _, err := do(t, url, request{path: list}); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if n := len(cloud.Stats().Answers); n != 0 {
		t.Errorf("%d answers", n)
	}
}

// Every answer waits for the latency, refusals and faults too. A handler
// without a server needs no network, and the clock can be a test's.
func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{Latency: 200 * time.Millisecond}, cloudtraxsim.Manual())
		defer cloud.Close()
		cloud.SetFault("/powerstrip/1", simfault.Fault{Status: 500, Delay: time.Second})
		for _, tt := range []struct {
			path   string
			status int
			took   time.Duration
		}{
			{"/time", 200, 200 * time.Millisecond},
			{list, 400, 200 * time.Millisecond},
			{"/powerstrip/1", 500, 1200 * time.Millisecond},
		} {
			begin := time.Now()
			w := httptest.NewRecorder()
			cloud.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, tt.path, nil))
			if w.Code != tt.status || time.Since(begin) != tt.took {
				t.Errorf("%s: %d after %v", tt.path, w.Code, time.Since(begin))
			}
		}
	})
}

// Close waits for nobody who waits for an answer, and refuses who comes after.
func TestCloseWhileWaiting(t *testing.T) {
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
		cloud := cloudtraxsim.New(cloudtraxsim.Options{Latency: tt.latency}, cloudtraxsim.Manual())
		cloud.SetFault(list, tt.fault)
		simtest.CloseMeanwhile(t, cloud, list, func() {
			wait(t, cloud, func(s cloudtraxsim.Stats) bool { return s.InFlight == 1 })
		})
	}
}
