package cloudtrax

import (
	"bytes"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/collector"
)

// cost is the requests of one reading, by path.
func cost(t *testing.T, cloud *cloudtraxsim.Cloud, read func()) map[string]int {
	t.Helper()
	before := cloud.Stats().Requests
	read()
	after := maps.Clone(cloud.Stats().Requests)
	for request, n := range before {
		if after[request] -= n; after[request] == 0 {
			delete(after, request)
		}
	}
	return after
}

// TestClock shows that a wrong clock costs one refusal and one question, that the
// answer is kept, and that it is asked for again when the clock changes.
func TestClock(t *testing.T) {
	t.Parallel()
	usual := map[string]int{"GET " + manualList: 1, "GET /powerstrip/1": 1}
	learning := map[string]int{"GET " + manualList: 2, "GET /powerstrip/1": 1, "GET /time": 1}
	var ahead atomic.Int64
	cloud, address := cloudtraxsim.Start(t, cloudtraxsim.Options{
		Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
	}, cloudtraxsim.Manual())
	c := open(t, options(t, address, manual))
	for _, step := range []struct {
		ahead time.Duration
		want  map[string]int
	}{
		{14 * time.Minute, usual},
		{5 * time.Hour, learning},
		{5 * time.Hour, usual},
		{5*time.Hour + 14*time.Minute, usual},
		{-72 * time.Hour, learning},
		{-72 * time.Hour, usual},
		{0, learning},
	} {
		ahead.Store(int64(step.ahead))
		got := cost(t, cloud, func() { expect(t, c, step.ahead.String(), whole, "") })
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s: requests (-want +got)\n%s", step.ahead, diff)
		}
	}
	if r := cloud.Stats().Refused; len(r) != 1 || r[13002] != 3 {
		t.Errorf("refusals %v", r)
	}
}

// TestClockChangesDuringAReading shows that strips which are refused at the same
// time learn the time together.
func TestClockChangesDuringAReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ahead atomic.Int64
		cloud := cloudtraxsim.New(cloudtraxsim.Options{
			Latency: time.Second,
			Now:     func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
		}, cloudtraxsim.Large(40))
		c := inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			cloud.ServeHTTP(w, r)
			ahead.Store(int64(time.Hour))
		}), large)
		got := cost(t, cloud, func() {
			if devices, err := collect(t, c); err != nil || len(devices) != 40 {
				t.Errorf("%d devices, %v", len(devices), err)
			}
		})
		total := 0
		for _, n := range got {
			total += n
		}
		if n := cloud.Stats().Refused[13002]; n != 4 || got["GET /time"] != 1 || total != 37+4+1 {
			t.Errorf("%d requests were refused: %v", n, got)
		}
	})
}

// TestClockIsToldOnce shows what is logged when the clock is found to be wrong.
func TestClockIsToldOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := cloudtraxsim.New(cloudtraxsim.Options{ClockOffset: -3 * time.Hour}, cloudtraxsim.Manual())
		c := inBubble(t, cloud, manual)
		var log bytes.Buffer
		pool := collector.NewPool(slog.New(slog.DiscardHandler), func() {})
		for range 3 {
			if r := pool.Read(t.Context(), collector.Source{MaxConcurrency: 4, New: func(*collector.Gate) collector.Collector { return c }},
				time.Minute, slog.New(slog.NewTextHandler(&log, nil))); r.Err != nil {
				t.Error(r.Err)
			}
		}
		want := `time=2000-01-01T00:00:00.000Z level=WARN msg="this machine's clock differs from the service's: requests are signed by the service's time" service_ahead=-3h0m0s` + "\n"
		if log.String() != want {
			t.Errorf("log %s, want %s", log.String(), want)
		}
	})
}

// TestClockThatCannotBeLearned shows that a service which refuses what is signed
// by its own time is asked for that once a reading, however many strips there are.
func TestClockThatCannotBeLearned(t *testing.T) {
	t.Parallel()
	refused := refusal13002()
	for _, path := range []string{"list", "strips"} {
		instead := map[string]answer{}
		if path == "list" {
			instead["/powerstrip/network/34567/list"] = refused
		} else {
			for _, s := range cloudtraxsim.Large(40).Strips {
				instead[stripPath(s.ID)] = refused
			}
		}
		cloud, address := play(t, instead, cloudtraxsim.Large(40))
		c := open(t, options(t, address, large))
		for range 3 {
			got := cost(t, cloud, func() {
				devices, err := collect(t, c)
				if err == nil || !strings.Contains(err.Error(), "error 13002: the request's time is more than 15 minutes from the service's") {
					t.Errorf("%s: %v", path, err)
				}
				if path == "strips" && (len(devices) != 40 || !devices[0].Up) {
					t.Errorf("%s: %s", path, summary(devices))
				}
			})
			if got["GET /time"] != 1 {
				t.Errorf("%s: asked for the time %d times", path, got["GET /time"])
			}
		}
	}
}
