package powersentrix_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
	internal "power_exporter/internal/powersentrix"
	"power_exporter/power"
	"power_exporter/receiver/powersentrix"
)

// wire is the way from UPSes to a site, on which answers get lost. From time to
// time the site is started again.
type wire struct {
	tb     testing.TB
	folder string

	mu   sync.Mutex
	site *site
	sent int
}

// RoundTrip takes a request without a network. Each seventh answer about a
// registration or an event is lost.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent++
	if w.sent%50 == 0 {
		w.site.Close()
		w.site = open(w.tb, w.folder, powersentrix.Options{})
	}
	recorder := httptest.NewRecorder()
	r.RequestURI = r.URL.RequestURI()
	w.site.Handler.ServeHTTP(recorder, r)
	if path.Base(r.URL.Path) != "setUpsData" && w.sent%7 == 0 {
		return nil, errors.New("connection reset by peer")
	}
	return recorder.Result(), nil
}

// TestFleet lets simulated UPSes push for two hours over a bad line to a
// receiver that is restarted now and then. Each event counts once, and the
// readings are those that were pushed last.
func TestFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const size, rounds = 10, 24
		folder := t.TempDir()
		w := &wire{tb: t, folder: folder, site: open(t, folder, powersentrix.Options{})}
		fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
			Push: powersentrixsim.PushOptions{
				Server: "http://exporter.example.net", CompanyID: acme, Description: "simulated", Client: &http.Client{Transport: w},
			},
			Size: size, Rounds: rounds, EventEvery: 2,
		})
		if err != nil {
			t.Fatal(err)
		}
		fleet.Run(t.Context())
		defer w.site.Close()

		if stats := fleet.Stats(); stats.Repeated < 10 || stats.Acknowledged["setUpsData"] != size*rounds || len(stats.Failed) != 1 {
			t.Errorf("this test is blind: %+v", stats)
		}
		if n := w.site.Store.Len(); n != size {
			t.Errorf("there are %d devices", n)
		}
		for i, done := range fleet.Acknowledged() {
			var want []string
			for _, code := range slices.Sorted(maps.Keys(done.Events)) {
				want = append(want, code+" "+strconv.Itoa(done.Events[code]))
			}
			if got := w.site.counts(done.CMM); fmt.Sprint(got) != fmt.Sprint(want) || done.Ord != rounds/2 {
				t.Errorf("%s: the counts are %s, want %s of %d records", done.CMM, got, want, done.Ord)
			}
			d, _ := w.site.Store.Device(done.CMM)
			if want := voltages(pushed(t, fleet.Data(i, rounds))); voltages(d) != want {
				t.Errorf("%s: the voltages are %s, want %s", done.CMM, voltages(d), want)
			}
			if d.Name != "simulated" || !d.Up {
				t.Errorf("%s: the device is %+v", done.CMM, d)
			}
		}
	})
}

// pushed is the device of one setUpsData.
func pushed(t *testing.T, data []byte) power.Device {
	t.Helper()
	var s internal.State
	if err := s.MergeData(data); err != nil {
		t.Fatal(err)
	}
	return s.Device("", internal.Options{})
}

// voltages are some readings of a device.
func voltages(d power.Device) string {
	var all []power.Value
	for _, o := range d.Outlets {
		all = append(all, o.Voltage, o.Current)
	}
	for _, i := range d.Inlets {
		all = append(all, i.Voltage)
	}
	return fmt.Sprint(all)
}

// TestASimulatedUPS lets a UPS push over HTTP, and be reset.
func TestASimulatedUPS(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), powersentrix.Options{})
	defer s.Close()
	server := httptest.NewServer(s.Handler)
	defer server.Close()
	ups := powersentrixsim.NewUPS(powersentrixsim.Options{}, powersentrixsim.MustRecorded("full"))
	p, err := powersentrixsim.NewPusher(powersentrixsim.PushOptions{Server: server.URL, BasePath: "/api/v1", CompanyID: acme}, ups)
	if err != nil {
		t.Fatal(err)
	}
	running := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go func() {
		defer close(running)
		p.Run(ctx)
	}()
	acknowledged := func(n int) {
		t.Helper()
		if err := p.Wait(ctx, func(st powersentrixsim.PushStats) bool { return st.Acknowledged["setUpsLog"] >= n }); err != nil {
			t.Error(err)
		}
	}
	ups.Record("I/E01", "Output 1 turned ON", "")
	ups.Record("I/E01", "Output 2 turned ON", "")
	acknowledged(2)
	p.FactoryReset()
	if err := p.Wait(ctx, func(st powersentrixsim.PushStats) bool { return st.Acknowledged["setNewUps"] == 2 }); err != nil {
		t.Error(err)
	}
	ups.Record("I/E01", "Output 3 turned ON", "") // the first one again within a second would be a repeat
	acknowledged(3)
	cancel()
	<-running
	if got := fmt.Sprint(s.counts(ups.CMM())); got != "[I/E01 3]" {
		t.Errorf("the counts are %s", got)
	}
	if d, _ := s.Store.Device(ups.CMM()); len(d.Outlets) != 12 || d.Model == "" {
		t.Errorf("the device is %+v", d)
	}
}
