package powersentrixsim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simtest"
)

// kept is what a receiver keeps of a UPS, as one that must count right does.
type kept struct {
	Registrations, Data int
	Last                string // the body of the last setUpsData
	Ord                 int    // of the newest record since the last setNewUps
	Events              map[string]int
	Disorder            int // records that came out of order
}

// keeper is a receiver on a network that keeps what it got, and refuses what it
// is told to: refuse is given the number of the request.
type keeper struct {
	refuse func(n int) bool
	tamper func(n int) bool // keeps, and does not acknowledge

	mu       sync.Mutex
	requests int
	now, max int // under way
	byCMM    map[string]*kept
}

// ServeHTTP takes a request.
func (k *keeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	status := k.take(path.Base(r.URL.Path), r.URL.Query().Get("cmm"), r.URL.Query().Get("companyId"), body)
	w.WriteHeader(status)
	if status == http.StatusOK {
		_, _ = io.WriteString(w, acknowledgement) // a client that left needs no answer
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now--
}

// take keeps a request and gives the status of its answer.
func (k *keeper) take(what, cmm, company string, body []byte) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.requests++
	k.now++
	k.max = max(k.max, k.now)
	if company != "company" || !json.Valid(body) {
		return http.StatusUnauthorized
	}
	if k.refuse != nil && k.refuse(k.requests) {
		return http.StatusServiceUnavailable
	}
	u := k.byCMM[cmm]
	if u == nil {
		u = &kept{Events: map[string]int{}}
		k.byCMM[cmm] = u
	}
	switch what {
	case "setNewUps":
		u.Registrations++
		u.Ord = 0
	case "setUpsData":
		u.Data++
		u.Last = string(body)
	case "setUpsLog":
		var e powersentrixsim.Event
		if json.Unmarshal(body, &e) != nil || e.CMM != cmm {
			return http.StatusBadRequest
		}
		switch e.Ord {
		case u.Ord: // repeated
		case u.Ord + 1:
			u.Ord++
			u.Events[e.Code]++
		default:
			u.Disorder++
		}
	}
	if k.tamper != nil && k.tamper(k.requests) {
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

// run lets a fleet push to a keeper until it has done its rounds.
func run(t *testing.T, k *keeper, options powersentrixsim.FleetOptions) *powersentrixsim.Fleet {
	t.Helper()
	k.byCMM = map[string]*kept{}
	server := httptest.NewServer(k)
	t.Cleanup(server.Close)
	options.Push.Server, options.Push.CompanyID = server.URL, "company"
	fleet, err := powersentrixsim.NewFleet(options)
	if err != nil {
		t.Fatal(err)
	}
	ctx := soon(t)
	fleet.Run(ctx)
	if err := ctx.Err(); err != nil {
		t.Fatalf("%v, %+v", err, fleet.Stats())
	}
	return fleet
}

// compare holds what a keeper has against what a fleet says was acknowledged.
func compare(t *testing.T, k *keeper, fleet *powersentrixsim.Fleet) {
	t.Helper()
	for i, done := range fleet.Acknowledged() {
		u := k.byCMM[done.CMM]
		want := kept{done.Registrations, done.Data, string(fleet.Data(i, done.LastData)), done.Ord, done.Events, 0}
		if diff := cmp.Diff(want, *u); diff != "" {
			t.Fatalf("%s: %s", done.CMM, diff)
		}
	}
}

func TestFleet(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	const size = 1000
	fleet := run(t, k, powersentrixsim.FleetOptions{
		Push: powersentrixsim.PushOptions{Period: 100 * time.Millisecond, Timeout: time.Minute}, Size: size, Concurrency: 20, Rounds: 3, EventEvery: 1,
	})
	compare(t, k, fleet)
	all := fleet.Acknowledged()
	want := powersentrixsim.Acknowledged{CMM: "load-00001", Registrations: 1, Data: 3, LastData: 3, Ord: 3, Events: map[string]int{"W/E10": 1, "I/E11": 1, "I/E02": 1}}
	if diff := cmp.Diff(want, all[0]); diff != "" || len(all) != size || all[size-1].CMM != "load-01000" {
		t.Error(diff)
	}
	stats := fleet.Stats()
	wanted := map[string]int{"setNewUps": size, "setUpsData": 3 * size, "setUpsLog": 3 * size}
	if diff := cmp.Diff(wanted, stats.Sent) + cmp.Diff(wanted, stats.Acknowledged); diff != "" || len(stats.Failed) > 0 || stats.Repeated > 0 {
		t.Errorf("%s %v", diff, stats.Failed)
	}
	if k.max > 20 || stats.MaxInFlight > 20 || stats.InFlight != 0 || stats.Latency.Count != 7*size || k.requests != 7*size {
		t.Errorf("%d at the same time, %+v", k.max, stats)
	}
	if stats.Latency.Quantile(0.5) > stats.Latency.Quantile(0.99) || stats.Latency.Quantile(1) != stats.Latency.Max || stats.Latency.Max == 0 {
		t.Errorf("%+v", stats.Latency)
	}
}

// Whatever a server refuses, or keeps without saying so, what both say of the
// records is the same in the end.
func TestFleetIsRefused(t *testing.T) {
	t.Parallel()
	k := &keeper{refuse: func(n int) bool { return n%7 == 0 }, tamper: func(n int) bool { return n%11 == 0 }}
	fleet := run(t, k, powersentrixsim.FleetOptions{
		Push: powersentrixsim.PushOptions{Period: 10 * time.Millisecond, Timeout: time.Minute, Retry: time.Millisecond, MaxRetry: 5 * time.Millisecond},
		Size: 100, Rounds: 10, EventEvery: 2, AtOnce: true,
	})
	stats := fleet.Stats()
	for _, done := range fleet.Acknowledged() {
		u := k.byCMM[done.CMM]
		if u.Ord != 5 || done.Ord != 5 || u.Disorder > 0 || !cmp.Equal(u.Events, done.Events) {
			t.Errorf("%+v, %+v", done, *u)
		}
		if u.Registrations < done.Registrations || done.Registrations != 1 || u.Data < done.Data || done.Data > done.LastData {
			t.Errorf("%+v, %+v", done, *u)
		}
	}
	if stats.Failed["503"] == 0 || stats.Failed["500"] == 0 || len(stats.Failed) != 2 || stats.Repeated == 0 || stats.Sent["setUpsData"] != 1000 {
		t.Errorf("%+v", stats)
	}
}

// What a UPS says depends on its number and on how often it has said something,
// and on nothing else.
func TestFleetData(t *testing.T) {
	t.Parallel()
	var fleets []*powersentrixsim.Fleet
	for range 2 {
		fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
			Push: powersentrixsim.PushOptions{Server: "http://receiver.example", CompanyID: "company"}, Size: 20,
		})
		if err != nil {
			t.Fatal(err)
		}
		fleets = append(fleets, fleet)
	}
	seen := map[string]bool{}
	for u := range 20 {
		for n := range 20 {
			text := string(fleets[0].Data(u, n))
			if text != string(fleets[1].Data(u, n)) || seen[text] {
				t.Fatalf("%d of %d: %s", n, u, text)
			}
			seen[text] = true
			d := simtest.Decoded[powersentrixsim.Data](t, text)
			remote := powersentrixsim.RemoteServer{ServerURL: "http://receiver.example", CompanyID: "company", UPSID: fmt.Sprintf("load-%05d", u+1)}
			if *d.Config.Settings.RemoteServer != remote || d.Config.Ident.SN != fmt.Sprintf("PSX-2026-%06d", u+1) {
				t.Errorf("%+v", d.Config)
			}
			uptime := fmt.Sprintf("0d %02dh %02dm", n*5/60, n*5%60)
			if d.UPSData.Uptime != uptime || d.Config.Ident.MainUptime != uptime || len(d.UPSData.PS) != 2 {
				t.Errorf("%+v", d.UPSData)
			}
			for i, v := range d.UPSData.Voltages {
				full := powersentrixsim.MustRecorded("full").Data.UPSData
				plausible(t, "voltage", full.Voltages[i], v, 0.006)
				plausible(t, "current", full.Currents[i], d.UPSData.Currents[i], 0.11)
			}
		}
	}
}

// Any model can be pushed, a UPS without identity too.
func TestFleetOfModel(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	for _, model := range []powersentrixsim.Model{powersentrixsim.MustRecorded("minimal"), {Name: "nothing"}} {
		fleet := run(t, k, powersentrixsim.FleetOptions{Push: powersentrixsim.PushOptions{Period: time.Millisecond}, Model: model, Size: 2, Rounds: 1})
		compare(t, k, fleet)
	}
	if last := k.byCMM["load-00002"].Last; last != "{}" {
		t.Error(last)
	}
}

// The UPSes begin one after the other, or all at once.
func TestFleetSpreads(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		atOnce bool
		want   []time.Duration
	}{
		{false, []time.Duration{0, 10 * time.Second, 20 * time.Second, 30 * time.Second, 40 * time.Second, 50 * time.Second}},
		{true, []time.Duration{0, 0, 0, 30 * time.Second, 30 * time.Second, 30 * time.Second}},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := newReceiver()
			fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
				Push: powersentrixsim.PushOptions{Server: "http://receiver.example", Period: 30 * time.Second, Client: server.client()}, Size: 3, Rounds: 2, AtOnce: tt.atOnce,
			})
			if err != nil {
				t.Fatal(err)
			}
			fleet.Run(t.Context())
			_, at := of(server.all(), "setUpsData")
			equal(t, "data", at, tt.want)
			_, at = of(server.all(), "setNewUps")
			equal(t, "registrations", at, tt.want[:3])
		})
	}
}

// A factory reset begins the log of one UPS anew, and a repeated record is the
// same to the byte.
func TestFleetFactoryReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		server.answer = func(got received, _ *http.Request) (*http.Response, error) {
			if got.Ord == 2 && got.At < 100*time.Second {
				return respond(500, ""), nil
			}
			return respond(200, acknowledgement), nil
		}
		fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
			Push: powersentrixsim.PushOptions{Server: "http://receiver.example", Period: 30 * time.Second, Retry: 40 * time.Second, Client: server.client()}, Size: 1, EventEvery: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); fleet.Run(ctx) }()
		pass(75 * time.Second)
		fleet.FactoryReset(0)
		pass(50 * time.Second)
		cancel()
		<-done
		s := time.Second
		equal(t, "received", server.all(), []received{
			{0, "setNewUps", 0},
			{0, "setUpsData", 0},
			{0, "setUpsLog", 1},
			{30 * s, "setUpsData", 0},
			{30 * s, "setUpsLog", 2},
			{60 * s, "setUpsData", 0},
			{70 * s, "setUpsLog", 2},
			{75 * s, "setNewUps", 0},
			{90 * s, "setUpsData", 0},
			{90 * s, "setUpsLog", 1},
			{120 * s, "setUpsData", 0},
			{120 * s, "setUpsLog", 2},
		})
		if server.bodies[4] != server.bodies[6] || server.bodies[4] != `{"ord":2,"code":"I/E11","cmm":"load-00001","description":"Mains power restored","params":"","timestamp":"2026-05-08 14:33:01"}` {
			t.Error(server.bodies[4], server.bodies[6])
		}
		if got := fleet.Acknowledged()[0]; got.Registrations != 2 || got.Ord != 2 || got.Events["W/E10"] != 2 || got.Events["I/E11"] != 1 {
			t.Errorf("%+v", got)
		}
	})
}

// Whatever waits for its turn ends, too.
func TestFleetStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newReceiver()
		server.answer = hang
		fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
			Push: powersentrixsim.PushOptions{Server: "http://receiver.example", Client: server.client()}, Size: 5, Concurrency: 2, AtOnce: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); fleet.Run(ctx) }()
		if err := fleet.Wait(ctx, func(s powersentrixsim.PushStats) bool { return s.InFlight == 2 }); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		cancel()
		<-done
		if stats := fleet.Stats(); stats.Sent["setNewUps"] != 2 || len(stats.Failed) > 0 {
			t.Errorf("%+v", stats)
		}
		if err := fleet.Wait(ctx, func(powersentrixsim.PushStats) bool { return false }); err == nil {
			t.Error("it waited for nothing")
		}
	})
}

// BenchmarkFleet is what a push costs, the network and a receiver that only
// reads included.
func BenchmarkFleet(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, acknowledgement)
	}))
	defer server.Close()
	fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
		Push: powersentrixsim.PushOptions{Server: server.URL, Period: time.Nanosecond, Registered: true}, Size: 1000, Rounds: max(1, b.N/1000), AtOnce: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	fleet.Run(b.Context())
}
