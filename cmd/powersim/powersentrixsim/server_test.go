package powersentrixsim_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

const question = "/api_actions?apiKey=mykey&fn=2"

func TestTLS(t *testing.T) {
	t.Parallel()
	own, trust := simtest.Certificate(t)
	u, direct := powersentrixsim.StartUPS(t, powersentrixsim.Options{Certificate: own}, powersentrixsim.MustRecorded("full"))
	_, portal := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{Certificate: own})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: trust}}
	for url, want := range map[string]int{direct + question: 200, portal + "/api/v1/ups/getUpsList": 401} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if !strings.HasPrefix(url, "https://127.0.0.1:") || resp.StatusCode != want {
			t.Errorf("%s: %s", url, resp.Status)
		}
	}
	u.SetFault("/api_actions", simfault.Fault{Reset: true})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, direct+question, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := client.Do(r); err == nil {
		resp.Body.Close()
		t.Error("it was answered")
	}
}

// Faults come before every check, and are counted like answers.
func TestFaults(t *testing.T) {
	t.Parallel()
	u, url := powersentrixsim.StartUPS(t, powersentrixsim.Options{}, powersentrixsim.MustRecorded("minimal"))
	whole := string(u.Data())
	for _, tt := range []struct {
		name   string
		fault  simfault.Fault
		status int
		body   string
		broken bool
	}{
		{"none", simfault.Fault{}, 200, whole, false},
		{"status", simfault.Fault{Status: 503}, 503, "", false},
		{"page", simfault.Fault{Body: []byte(simfault.HTMLPage), ContentType: "text/html"}, 200, simfault.HTMLPage, false},
		{"half", simfault.Fault{Half: true}, 200, whole[:len(whole)/2], true},
		{"types", simfault.Fault{WrongTypes: true}, 200, `{"config":{"ident":{"sn":["PSX-2023-000007"]`, false},
	} {
		u.SetFault("/api_actions", tt.fault)
		a := simtest.Ask(t, http.MethodGet, url+question, "")
		if a.Status != tt.status || !strings.HasPrefix(a.Body, tt.body) || (a.Err != nil) != tt.broken {
			t.Errorf("%s: %d %v %s", tt.name, a.Status, a.Err, a.Body)
		}
	}
	u.SetFault("/api_actions", simfault.Fault{Reset: true, Times: 1})
	if _, err := simtest.Do(t, http.MethodPost, url+question, ""); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	if a := simtest.Ask(t, http.MethodGet, url+question, ""); a.Status != 200 {
		t.Errorf("afterwards: %d", a.Status)
	}
	portal, at := powersentrixsim.StartPortal(t, powersentrixsim.PortalOptions{})
	portal.SetFault("/api/v1/ups/getUpsList", simfault.Fault{Location: "http://192.0.2.1/"})
	if a := simtest.Ask(t, http.MethodGet, at+"/api/v1/ups/getUpsList", ""); a.Status != 302 {
		t.Errorf("%d", a.Status)
	}
	stats := u.Stats()
	if stats.Answers[200] != 5 || stats.Answers[503] != 1 || stats.Requests["GET /api_actions"] != 6 || stats.Requests["POST /api_actions"] != 1 || stats.InFlight != 0 {
		t.Errorf("%+v", stats)
	}
}

// One who asks again and again is alone each time, however long the answers;
// those who ask together are counted together.
func TestStats(t *testing.T) {
	t.Parallel()
	u, url := powersentrixsim.StartUPS(t, powersentrixsim.Options{}, powersentrixsim.MustRecorded("full"))
	u.Update(func(d *powersentrixsim.Data) { *d.Config.Ident.Info = strings.Repeat("long ", 20000) })
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	for range 50 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+question, strings.NewReader("12345"))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
		resp.Body.Close()
	}
	stats := u.Stats()
	if stats.MaxInFlight != 1 || stats.BytesIn != 250 || stats.BytesOut != int64(50*len(u.Data())) {
		t.Errorf("%+v", stats)
	}
	open := make(chan struct{})
	u.SetFault("/api_actions", simfault.Fault{Until: open})
	var asking sync.WaitGroup
	for range 3 {
		asking.Go(func() {
			if a, err := simtest.Do(t, http.MethodGet, url+question, ""); err != nil || a.Status != 200 {
				t.Error(err)
			}
		})
	}
	if err := u.Wait(soon(t), func(s powersentrixsim.Stats) bool { return s.InFlight == 3 }); err != nil {
		t.Error(err)
	}
	close(open)
	asking.Wait()
	if stats := u.Stats(); stats.MaxInFlight != 3 {
		t.Errorf("%+v", stats)
	}
}

// A handler without a server needs no network, and the clock can be a test's.
func TestLatencyOption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := ups(t, powersentrixsim.Options{Latency: time.Minute}, "full")
		begin := time.Now()
		w := httptest.NewRecorder()
		u.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, question, nil))
		if w.Code != http.StatusOK || time.Since(begin) != time.Minute {
			t.Errorf("%d after %v", w.Code, time.Since(begin))
		}
	})
}

// Close waits for nobody who waits, and refuses who comes after.
func TestCloseWhileAsked(t *testing.T) {
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
		u := powersentrixsim.NewUPS(powersentrixsim.Options{Latency: tt.latency}, powersentrixsim.MustRecorded("full"))
		u.SetFault("/api_actions", tt.fault)
		simtest.CloseMeanwhile(t, u, question, func() {
			simtest.Wait(t, u.Wait, func(s powersentrixsim.Stats) bool { return s.InFlight == 1 })
		})
	}
}
