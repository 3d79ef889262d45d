package ems

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
)

// TestRenewal moves the clock: one log-in serves until a minute before the token
// ends, and one more when the EMS has forgotten it.
func TestRenewal(t *testing.T) {
	t.Parallel()
	for _, life := range []time.Duration{30 * time.Minute, 10 * time.Minute} {
		var clock atomic.Int64
		ems := emssim.New(emssim.Options{TokenLife: life, Now: func() time.Time { return time.Unix(0, clock.Load()) }}, emssim.MustRecorded("site"))
		server := httptest.NewUnstartedServer(ems)
		// No connection is kept, since waiting for a network does not let the time
		// of a bubble pass.
		server.Config.SetKeepAlivesEnabled(false)
		server.Start()
		t.Cleanup(func() {
			server.Close()
			_ = ems.Close()
		})
		o := options(t, server.URL)
		synctest.Test(t, func(t *testing.T) {
			c := New(o, collector.NewGate(2))
			defer c.Close()
			read := func(wait time.Duration, logIns, expired int) {
				t.Helper()
				<-time.After(wait)
				clock.Store(time.Now().UnixNano())
				ems.Refresh(time.Now())
				for _, d := range mustCollect(t, c) {
					if !d.Up {
						t.Errorf("%s is down", d.ID)
					}
				}
				if stats := ems.Stats(); stats.Logins != logIns || stats.ExpiredTokens != expired || stats.BadTokens != badTokens(logIns) {
					t.Errorf("%d log-ins, %d requests with an old token, %d with a wrong one; want %d, %d, %d",
						stats.Logins, stats.ExpiredTokens, stats.BadTokens, logIns, expired, badTokens(logIns))
				}
			}
			read(0, 1, 0)
			read(life-time.Minute-time.Second, 1, 0)
			read(time.Second, 2, 0)
			ems.ExpireTokens()
			read(time.Minute, 3, 0)
			read(life, 4, 0)
		})
	}
}

// badTokens is how many requests were refused for a token of before the EMS was
// restarted.
func badTokens(logIns int) int {
	if logIns >= 3 {
		return 1
	}
	return 0
}

func TestAWrongPassword(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		user emssim.User
		want string
	}{
		{emssim.User{Name: emssim.AdminName, Password: "other", Role: emssim.RoleAPI}, `401 Unauthorized: the credentials were refused: look at user name and password of auth "meters"`},
		{emssim.User{Name: emssim.AdminName, Password: secret, Role: "viewer"}, `403 Forbidden: the credentials were refused: the account of auth "meters" may not use the API: give it the API role`},
	} {
		c, ems := start(t, emssim.Options{Users: []emssim.User{tt.user}}, emssim.MustRecorded("site"))
		_, err := collect(t, c)
		if !errors.Is(err, collector.ErrRefused) || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("got  %v\nwant %s", err, tt.want)
		}
		_, err = collect(t, c)
		if want := tt.want + "; the next log-in is tried in 1m0s, so that the account is not locked"; !errors.Is(err, collector.ErrRefused) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows the password: %v", err)
		}
		want(t, ems, map[string]int{"POST /v1/auth/login": 1})
	}
}

// TestATokenThatIsNone keeps what would be a broken request off the wire.
func TestATokenThatIsNone(t *testing.T) {
	t.Parallel()
	c, ems := start(t, emssim.Options{}, emssim.MustRecorded("site"))
	ems.SetFault(login.path(), simfault.Fault{Body: []byte(`{"token":"a\nb: c"}`)})
	_, err := collect(t, c)
	if err == nil || !strings.HasSuffix(err.Error(), "/v1/auth/login: the token has characters that no token has") {
		t.Errorf("error is %v", err)
	}
	want(t, ems, map[string]int{"POST /v1/auth/login": 1})
}

// TestManyProbesOfAColdTarget shows that they share one log-in and one reading.
func TestManyProbesOfAColdTarget(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	ems, address := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("site"))
	ems.SetFault(login.path(), simfault.Fault{Until: release})
	o := options(t, address)
	pool := collector.NewPool(nil, func() {})
	t.Cleanup(pool.Clear)
	source := collector.Source{Key: "a", Device: "a", MaxConcurrency: 2, New: func(gate *collector.Gate) collector.Collector { return New(o, gate) }}
	results := make(chan collector.Result)
	var begun, all sync.WaitGroup
	begun.Add(100)
	for range 100 {
		all.Go(func() {
			begun.Done()
			results <- pool.Read(t.Context(), source, time.Minute, nil)
		})
	}
	begun.Wait()
	if err := ems.Wait(t.Context(), func(s emssim.Stats) bool { return s.InFlight > 0 }); err != nil {
		t.Fatal(err)
	}
	close(release)
	for range 100 {
		if r := <-results; r.Err != nil || len(r.Devices) != 5 {
			t.Errorf("%d devices, %v", len(r.Devices), r.Err)
		}
	}
	all.Wait()
	// A probe that came when the reading was over makes one of its own.
	if n := ems.Stats().Requests["POST /v1/auth/login"]; n != 1 {
		t.Errorf("%d log-ins, want 1", n)
	}
}

// TestNoBearerForTheVersion checks that what everybody may read is asked for
// without a token, and all else with one.
func TestNoBearerForTheVersion(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	tokens := map[string]string{}
	answers := files("testdata/cases/protocols")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		tokens[r.Method+" "+r.URL.Path] = r.Header.Get("Authorization")
		mu.Unlock()
		answers.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	mustCollect(t, newFor(t, options(t, server.URL)))
	mu.Lock()
	defer mu.Unlock()
	for request, token := range tokens {
		open := request == "GET /ver" || request == "POST /v1/auth/login"
		if open && token != "" || !open && token != "Bearer secret" {
			t.Errorf("%s has the token %q", request, token)
		}
	}
	if len(tokens) != 7 {
		t.Errorf("requests: %v", tokens)
	}
}
