package powersentrixsim_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simtest"
)

// push begins to push a UPS until stop.
func push(t *testing.T, options powersentrixsim.PushOptions, u *powersentrixsim.UPS) (p *powersentrixsim.Pusher, stop func()) {
	t.Helper()
	if options.Server == "" {
		options.Server = "http://receiver.example"
	}
	p, err := powersentrixsim.NewPusher(options, u)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); p.Run(ctx) }()
	return p, func() { cancel(); <-done }
}

// pass lets time pass on the clock of synctest, which costs none.
func pass(d time.Duration) { <-time.After(d) }

// A UPS registers, pushes every 5 minutes, and sends a record when there is one.
func TestPush(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		u := ups(t, powersentrixsim.Options{}, "full")
		p, stop := push(t, powersentrixsim.PushOptions{Server: "http://receiver.example/x/", CompanyID: "c&d", Description: "attic", Client: server.client()}, u)
		pass(3 * time.Minute)
		u.Record("I/E01", "Output 1 turned ON", "")
		u.Record("W/E10", "Mains power failed", "x")
		pass(8 * time.Minute)
		stop()
		want := []received{
			{0, "setNewUps", 0},
			{0, "setUpsData", 0},
			{3 * time.Minute, "setUpsLog", 1},
			{3 * time.Minute, "setUpsLog", 2},
			{5 * time.Minute, "setUpsData", 0},
			{10 * time.Minute, "setUpsData", 0},
		}
		equal(t, "received", server.all(), want)
		for i, url := range []string{
			"http://receiver.example/x/api/setNewUps?cmm=ups-full&companyId=c%26d&upsDescription=attic",
			"http://receiver.example/x/api/setUpsData?cmm=ups-full&companyId=c%26d",
			"http://receiver.example/x/api/setUpsLog?cmm=ups-full&companyId=c%26d",
		} {
			if r := server.requests[i]; r.Method != http.MethodPost || r.URL.String() != url || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
			}
		}
		for i, body := range []string{
			string(u.Ident()), string(u.Data()),
			`{"ord":1,"code":"I/E01","cmm":"ups-full","description":"Output 1 turned ON","params":"","timestamp":"2000-01-01 01:03:00"}`,
			`{"ord":2,"code":"W/E10","cmm":"ups-full","description":"Mains power failed","params":"x","timestamp":"2000-01-01 01:03:00"}`,
		} {
			if diff := cmp.Diff(body, server.bodies[i]); diff != "" {
				t.Error(diff)
			}
		}
		if !strings.Contains(server.bodies[1], `"remoteServer":{"serverUrl":"http://receiver.example/x","companyId":"c&d","upsId":"ups-full"}`) {
			t.Error(server.bodies[1])
		}
		done := powersentrixsim.Acknowledged{CMM: "ups-full", Registrations: 1, Data: 3, LastData: 3, Ord: 2, Events: map[string]int{"I/E01": 1, "W/E10": 1}}
		if diff := cmp.Diff(done, p.Acknowledged()); diff != "" {
			t.Error(diff)
		}
		stats := p.Stats()
		sent := map[string]int{"setNewUps": 1, "setUpsData": 3, "setUpsLog": 2}
		if !maps.Equal(stats.Sent, sent) || !maps.Equal(stats.Acknowledged, sent) || len(stats.Failed) > 0 || stats.Repeated != 0 || stats.Skipped != 0 ||
			stats.MaxInFlight != 1 || stats.InFlight != 0 || stats.Latency.Count != 6 || stats.BytesOut != int64(len(strings.Join(server.bodies, ""))) {
			t.Errorf("%+v", stats)
		}
	})
}

// A UPS that booted before does not register, and the portal's base is another.
func TestPushRegistered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		u := ups(t, powersentrixsim.Options{}, "minimal")
		u.Record("x", "", "")
		_, stop := push(t, powersentrixsim.PushOptions{BasePath: "/api/v1", Registered: true, Client: server.client()}, u)
		synctest.Wait()
		stop()
		equal(t, "received", server.all(), []received{{0, "setUpsData", 0}, {0, "setUpsLog", 1}})
		if url := server.requests[0].URL.String(); url != "http://receiver.example/api/v1/setUpsData?cmm=ups-minimal&companyId=abc123" {
			t.Error(url)
		}
	})
}

// A record that is refused in every way there is, is repeated with its ord, and
// those behind it wait for their turn.
func TestRecordsAreRepeatedInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		next := 0
		server.answer = func(got received, r *http.Request) (*http.Response, error) {
			if got.What != "setUpsLog" || next == len(refusals()) {
				return respond(200, acknowledgement), nil
			}
			next++
			return refusals()[next-1].answer(r)
		}
		u := ups(t, powersentrixsim.Options{}, "manual")
		p, stop := push(t, powersentrixsim.PushOptions{Client: server.client(), MaxRetry: time.Minute, Period: time.Hour}, u)
		synctest.Wait()
		for range 3 {
			u.Record("I/E01", "Output 1 turned ON", "")
		}
		pass(30 * time.Minute)
		u.Record("I/E02", "Output 1 turned OFF", "")
		synctest.Wait()
		stop()
		ords, at := of(server.all(), "setUpsLog")
		equal(t, "ords", ords, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4})
		s := time.Second
		// The repetitions wait 1, 2, 4 … 60 s, and the last one for the timeout of
		// the one before it, too.
		equal(t, "times", at, []time.Duration{0, 1 * s, 3 * s, 7 * s, 15 * s, 31 * s, 63 * s, 123 * s, 183 * s, 253 * s, 253 * s, 253 * s, 1800 * s})
		for i, body := range server.bodies {
			if server.got[i].Ord == 1 && body != server.bodies[2] {
				t.Errorf("repeated as %s", body)
			}
		}
		done := powersentrixsim.Acknowledged{CMM: "ups-01", Registrations: 1, Data: 1, LastData: 1, Ord: 4, Events: map[string]int{"I/E01": 3, "I/E02": 1}}
		if diff := cmp.Diff(done, p.Acknowledged()); diff != "" {
			t.Error(diff)
		}
		failed := map[string]int{}
		for _, r := range refusals() {
			failed[r.kind]++
		}
		stats := p.Stats()
		if diff := cmp.Diff(failed, stats.Failed); diff != "" {
			t.Error(diff)
		}
		if stats.Repeated != 9 || stats.Sent["setUpsLog"] != 13 || stats.Acknowledged["setUpsLog"] != 4 || stats.Latency.Count != 6 {
			t.Errorf("%+v", stats)
		}
	})
}

// No record goes out before the UPS is registered, but data does, and is not
// repeated.
func TestRegistrationIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		server.answer = func(got received, _ *http.Request) (*http.Response, error) {
			if got.At < 10*time.Second {
				return respond(401, ""), nil
			}
			return respond(200, acknowledgement), nil
		}
		u := ups(t, powersentrixsim.Options{}, "manual")
		u.Record("x", "", "")
		p, stop := push(t, powersentrixsim.PushOptions{Client: server.client(), Period: 6 * time.Second}, u)
		pass(16 * time.Second)
		stop()
		s := time.Second
		equal(t, "received", server.all(), []received{
			{0, "setNewUps", 0},
			{0, "setUpsData", 0},
			{1 * s, "setNewUps", 0},
			{3 * s, "setNewUps", 0},
			{6 * s, "setUpsData", 0},
			{7 * s, "setNewUps", 0},
			{12 * s, "setUpsData", 0},
			{15 * s, "setNewUps", 0},
			{15 * s, "setUpsLog", 1},
		})
		if done := p.Acknowledged(); done.Data != 1 || done.LastData != 3 || done.Registrations != 1 || done.Ord != 1 {
			t.Errorf("%+v", done)
		}
	})
}

// A factory reset loses the log, registers at once, and begins at 1 again.
func TestFactoryReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		server.answer = func(got received, _ *http.Request) (*http.Response, error) {
			if got.Ord == 3 {
				return respond(500, ""), nil
			}
			return respond(200, acknowledgement), nil
		}
		u := ups(t, powersentrixsim.Options{}, "manual")
		p, stop := push(t, powersentrixsim.PushOptions{Client: server.client(), Period: time.Hour, Retry: time.Minute}, u)
		synctest.Wait()
		for range 4 {
			u.Record("x", "", "")
		}
		synctest.Wait()
		p.FactoryReset()
		synctest.Wait()
		if e := u.Record("x", "", ""); e.Ord != 1 || len(u.Events()) != 1 {
			t.Errorf("%+v", e)
		}
		synctest.Wait()
		stop()
		equal(t, "received", server.all(), []received{
			{0, "setNewUps", 0}, {0, "setUpsData", 0}, {0, "setUpsLog", 1}, {0, "setUpsLog", 2}, {0, "setUpsLog", 3}, {0, "setNewUps", 0}, {0, "setUpsLog", 1},
		})
		if done := p.Acknowledged(); done.Registrations != 2 || done.Ord != 1 || done.Events["x"] != 3 {
			t.Errorf("%+v", done)
		}
	})
}

// A record that is acknowledged after a factory reset does not count as one of
// the new log.
func TestFactoryResetWhilePushing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		server.answer = func(got received, _ *http.Request) (*http.Response, error) {
			if got.What != "setUpsData" && got.At < time.Minute {
				pass(5 * time.Second)
			}
			return respond(200, acknowledgement), nil
		}
		u := ups(t, powersentrixsim.Options{}, "manual")
		p, stop := push(t, powersentrixsim.PushOptions{Client: server.client(), Period: time.Hour}, u)
		pass(time.Second)
		p.FactoryReset() // while it registers
		u.Record("x", "", "")
		pass(10 * time.Second)
		p.FactoryReset() // while it sends the record
		u.Record("y", "", "")
		pass(time.Hour / 2)
		stop()
		s := time.Second
		equal(t, "received", server.all(), []received{
			{0, "setNewUps", 0}, {5 * s, "setNewUps", 0}, {10 * s, "setUpsData", 0}, {10 * s, "setUpsLog", 1}, {15 * s, "setNewUps", 0}, {20 * s, "setUpsLog", 1},
		})
		if done := p.Acknowledged(); done.Registrations != 3 || done.Ord != 1 || done.Events["x"] != 1 || done.Events["y"] != 1 {
			t.Errorf("%+v", done)
		}
	})
}

// Records that no longer fit into the log are lost, the others keep their ord.
func TestFullLog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		server.answer = func(got received, _ *http.Request) (*http.Response, error) {
			if got.At < time.Minute {
				return nil, errors.New("no route to host")
			}
			return respond(200, acknowledgement), nil
		}
		u := ups(t, powersentrixsim.Options{LogSize: 2}, "manual")
		p, stop := push(t, powersentrixsim.PushOptions{Client: server.client(), Registered: true, Retry: time.Minute}, u)
		for range 5 {
			u.Record("x", "", "")
			synctest.Wait()
		}
		pass(time.Minute)
		synctest.Wait()
		stop()
		ords, _ := of(server.all(), "setUpsLog")
		equal(t, "ords", ords, []int{1, 4, 5})
		if n := p.Stats().Repeated; n != 0 {
			t.Errorf("%d were repeated", n)
		}
	})
}

// A server that is slower than the period gets fewer setUpsData, not all of them
// afterwards.
func TestSlowServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		server.answer = func(got received, _ *http.Request) (*http.Response, error) {
			if got.At == 5*time.Minute {
				pass(12 * time.Minute)
			}
			return respond(200, acknowledgement), nil
		}
		p, stop := push(t, powersentrixsim.PushOptions{Client: server.client(), Registered: true, Timeout: time.Hour}, ups(t, powersentrixsim.Options{}, "manual"))
		pass(26 * time.Minute)
		stop()
		_, at := of(server.all(), "setUpsData")
		m := time.Minute
		equal(t, "times", at, []time.Duration{0, 5 * m, 17 * m, 20 * m, 25 * m})
		if stats := p.Stats(); stats.Skipped != 1 || stats.Latency.Max != 12*m {
			t.Errorf("%+v", stats)
		}
	})
}

// What ends while a request is under way leaves it uncounted.
func TestStopWhilePushing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		server.answer = hang
		p, stop := push(t, powersentrixsim.PushOptions{Client: server.client(), Registered: true}, ups(t, powersentrixsim.Options{}, "manual"))
		synctest.Wait()
		stop()
		if stats := p.Stats(); stats.Sent["setUpsData"] != 1 || len(stats.Failed) > 0 || stats.InFlight != 0 {
			t.Errorf("%+v", stats)
		}
	})
}

// The same over a network: a server that resets connections, closes them halfway
// and refuses, and then takes all. Nothing that is logged has the companyId.
func TestPushOverNetwork(t *testing.T) {
	t.Parallel()
	var faults simfault.Set
	defer faults.Close()
	server := httptest.NewServer(faults.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, acknowledgement)
	})))
	defer server.Close()
	var log simtest.Log
	u := ups(t, powersentrixsim.Options{}, "manual")
	faults.SetFault("/api/setNewUps", simfault.Fault{Reset: true, Times: 2})
	faults.SetFault("/api/setUpsData", simfault.Fault{Half: true, Body: []byte(acknowledgement), Times: 2})
	faults.SetFault("/api/setUpsLog", simfault.Fault{Location: "/api/setNewUps", Status: 307, Times: 2})
	u.Record("x", "", "")
	p, stop := push(t, powersentrixsim.PushOptions{
		Server: server.URL, CompanyID: "very-secret", Period: 5 * time.Millisecond, Retry: time.Millisecond, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	}, u)
	err := p.Wait(soon(t), func(s powersentrixsim.PushStats) bool {
		return s.Acknowledged["setNewUps"] == 1 && s.Acknowledged["setUpsData"] >= 1 && s.Acknowledged["setUpsLog"] == 1
	})
	stop()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"connection": 4, "307": 2}
	if diff := cmp.Diff(want, p.Stats().Failed); diff != "" {
		t.Error(diff)
	}
	for _, what := range []string{"setNewUps", "setUpsData", "setUpsLog"} {
		for _, line := range []string{"the server does not take what a UPS sends", "the server takes again what a UPS sends"} {
			if n := strings.Count(log.String(), fmt.Sprintf("msg=%q ups=ups-01 what=%s", line, what)); n != 1 {
				t.Errorf("%s, %s: %d in %s", line, what, n, log.String())
			}
		}
	}
	if strings.Contains(log.String(), "very-secret") || strings.Contains(log.String(), "companyId") {
		t.Error(log.String())
	}
}

func TestBadServer(t *testing.T) {
	t.Parallel()
	const wrong = "the server to push to is no http or https URL with a host and without a query"
	for _, server := range []string{
		"", "ftp://x", "http://", "//a:secret@x", "http://x/?companyId=y", "http://a:secret@x:port", "http://a:secret@x/\x7f", "receiver.example.net/without",
	} {
		_, err := powersentrixsim.NewPusher(powersentrixsim.PushOptions{Server: server}, ups(t, powersentrixsim.Options{}, "full"))
		if err == nil || err.Error() != wrong {
			t.Errorf("%s: %v", server, err)
		}
		if _, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{Push: powersentrixsim.PushOptions{Server: server}}); err == nil || err.Error() != wrong {
			t.Errorf("a fleet, %s: %v", server, err)
		}
	}
}
