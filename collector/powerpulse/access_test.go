package powerpulse

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
	"power_exporter/internal/rest"
)

// requests complains unless these are all that were made, by method and path.
func requests(t *testing.T, server *powerpulsesim.Server, want map[string]int) {
	t.Helper()
	if got := server.Stats().Requests; !maps.Equal(got, want) {
		t.Errorf("requests %v, want %v", got, want)
	}
}

// TestPaths reads programs with either set of paths, and one that changes from
// one to the other, with a log-in and as a kiosk.
func TestPaths(t *testing.T) {
	t.Parallel()
	const login, running, documented = "POST /api/auth/login", "GET /api/ups/systems", "GET /api/ups-systems"
	for _, c := range []struct {
		name  string
		paths powerpulsesim.Paths
		kiosk bool
		want  map[string]int // of three readings
	}{
		{"running", powerpulsesim.Running, false, map[string]int{login: 1, running: 3}},
		{"documented", powerpulsesim.Documented, false, map[string]int{login: 1, running: 1, documented: 3}},
		{"both", powerpulsesim.Both, false, map[string]int{login: 1, running: 3}},
		{"running kiosk", powerpulsesim.Running, true, map[string]int{running + "/kiosk": 3}},
		{"documented kiosk", powerpulsesim.Documented, true, map[string]int{running + "/kiosk": 1, documented + "/kiosk": 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			reader, server := start(t, powerpulsesim.Options{Paths: c.paths}, systems(two), func(o *Options) {
				if c.kiosk {
					kiosk(o)
				}
			})
			for range 3 {
				if devices := mustCollect(t, reader); summary(devices) != "a@1+ b@2+" {
					t.Errorf("devices %s", summary(devices))
				}
			}
			requests(t, server, c.want)
		})
	}
}

// TestPathsChange shows that a program which was replaced is found where it is
// now, at the price of one request.
func TestPathsChange(t *testing.T) {
	t.Parallel()
	c, server := start(t, powerpulsesim.Options{Paths: powerpulsesim.Both}, systems(two), kiosk)
	gone := simfault.Fault{Status: http.StatusNotFound, Body: []byte(simfault.HTMLPage), ContentType: "text/html"}
	running, documented := listPaths[0]+"/kiosk", listPaths[1]+"/kiosk"
	want := map[string]int{}
	for _, missing := range []string{documented, running, documented} {
		server.SetFault(running, simfault.Fault{})
		server.SetFault(documented, simfault.Fault{})
		server.SetFault(missing, gone)
		mustCollect(t, c)
		mustCollect(t, c)
	}
	want["GET "+running], want["GET "+documented] = 2+1+2, 2+1
	requests(t, server, want)
}

// TestNoServers shows that a PowerPulse without NUT servers is an empty list, and
// that its 404 is not taken for that of a path.
func TestNoServers(t *testing.T) {
	t.Parallel()
	for _, paths := range []powerpulsesim.Paths{powerpulsesim.Running, powerpulsesim.Documented} {
		for _, way := range []func(*Options){func(*Options) {}, kiosk} {
			c, server := start(t, powerpulsesim.Options{Paths: paths, NoServers: true}, systems(two), way)
			for range 2 {
				if devices := mustCollect(t, c); len(devices) != 0 {
					t.Errorf("devices %s", summary(devices))
				}
			}
			unneeded := server.Stats().Requests["GET "+listPaths[1-int(paths)]] + server.Stats().Requests["GET "+listPaths[1-int(paths)]+"/kiosk"]
			if wanted := int(paths); unneeded != wanted { // the document's paths are tried second
				t.Errorf("%d requests to the path that there is not, want %d", unneeded, wanted)
			}
		}
	}
}

// TestNoKiosk reads a program that is older than its kiosk, whose path is then
// that of a UPS for which a token is needed.
func TestNoKiosk(t *testing.T) {
	t.Parallel()
	for i, paths := range []powerpulsesim.Paths{powerpulsesim.Running, powerpulsesim.Documented} {
		c, server := start(t, powerpulsesim.Options{Paths: paths, NoKiosk: true}, systems(two), kiosk)
		_, err := collect(t, c)
		want := fmt.Sprintf("reading the UPS systems: GET %s%s/kiosk: 401 Unauthorized: this PowerPulse shows nothing without a log-in, or is older than its kiosk; set kiosk to off and give the target an auth", address(c), listPaths[i])
		if err == nil || err.Error() != want {
			t.Errorf("error is\n%v, want\n%s", err, want)
		}
		if server.Stats().Logins+server.Stats().FailedLogins != 0 {
			t.Error("the kiosk tried to log in")
		}
	}
}

// address is what a collector reads.
func address(c *Collector) string { return c.client.rest.URL(rest.Request{}) }

// TestTokenExpired moves the clock of PowerPulse, and not that of the exporter:
// a token that is no longer accepted costs one log-in.
func TestTokenExpired(t *testing.T) {
	t.Parallel()
	for _, refusal := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		var moved atomic.Int64
		c, server := start(t, powerpulsesim.Options{
			InvalidToken: refusal,
			Now:          func() time.Time { return time.Now().Add(time.Duration(moved.Load())) },
		}, systems(two))
		for i, change := range []func(){
			func() {},
			func() { moved.Store(int64(25 * time.Hour)) }, // expired
			func() {},
			server.NewSecret, // invalid
			func() {},
		} {
			change()
			if devices := mustCollect(t, c); summary(devices) != "a@1+ b@2+" {
				t.Errorf("devices %s", summary(devices))
			}
			if logins, want := server.Stats().Logins, []int{1, 2, 2, 3, 3}[i]; logins != want {
				t.Errorf("%d: step %d: %d log-ins, want %d", refusal, i, logins, want)
			}
		}
		requests(t, server, map[string]int{"POST /api/auth/login": 3, "GET /api/ups/systems": 7})
	}
}

// TestTokenRenewed lets the exporter's clock run: a token is replaced a minute
// before its end, so that no request is refused for its age. The server is
// outside of the bubble, where no clock moves.
func TestTokenRenewed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, life time.Duration }{{0, 24 * time.Hour}, {2 * time.Hour, 2 * time.Hour}, {5 * time.Minute, 5*time.Minute + 30*time.Second}} {
		server, base := powerpulsesim.Start(t, powerpulsesim.Options{TokenLife: c.says}, systems(two))
		o := options(t, base)
		synctest.Test(t, func(t *testing.T) {
			reader := New(o, collector.NewGate(1))
			read := func(logins int) {
				t.Helper()
				mustCollect(t, reader)
				if got := server.Stats().Logins; got != logins {
					t.Errorf("%s: %d log-ins, want %d", c.says, got, logins)
				}
				// An open connection is something that no bubble can wait for.
				if err := reader.Close(); err != nil {
					t.Error(err)
				}
			}
			read(1)
			<-time.After(c.life - time.Minute - time.Second)
			read(1)
			<-time.After(time.Second)
			read(2)
		})
		requests(t, server, map[string]int{"POST /api/auth/login": 2, "GET /api/ups/systems": 3})
	}
}

// TestWrongPassword shows what is said, and that the password is not tried again
// with each probe.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	c, server := start(t, powerpulsesim.Options{}, systems(two), func(o *Options) { o.Password = secret + "x" })
	_, err := collect(t, c)
	want := "reading the UPS systems: logging in: POST " + address(c) + "/api/auth/login: 401 Unauthorized: the credentials were refused: look at user name and password of auth \"dashboard\""
	if !errors.Is(err, collector.ErrRefused) || err.Error() != want {
		t.Errorf("error is\n%v, want\n%s", err, want)
	}
	if _, err := collect(t, c); !errors.Is(err, collector.ErrRefused) || err.Error() != want+"; the next log-in is tried in 1m0s, so that the account is not locked" {
		t.Errorf("error is\n%v", err)
	}
	requests(t, server, map[string]int{"POST /api/auth/login": 1})
}

// TestOneLogIn makes 100 probes at once of a PowerPulse that nobody has read
// before, and 100 more once its token is void.
func TestOneLogIn(t *testing.T) {
	t.Parallel()
	server, base := powerpulsesim.Start(t, powerpulsesim.Options{Latency: 20 * time.Millisecond}, systems(two))
	o := options(t, base)
	pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("panic") })
	defer pool.Clear()
	probes := func(logins int) {
		t.Helper()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				r := pool.Read(t.Context(), collector.Source{
					Key: "a", Device: "a", MaxConcurrency: 2,
					New: func(g *collector.Gate) collector.Collector { return New(o, g) },
				}, time.Minute, slog.New(slog.DiscardHandler))
				if r.Err != nil || summary(r.Devices) != "a@1+ b@2+" {
					t.Errorf("%s, %v", summary(r.Devices), r.Err)
				}
			})
		}
		all.Wait()
		if got := server.Stats().Logins; got != logins {
			t.Errorf("%d log-ins, want %d", got, logins)
		}
	}
	probes(1)
	server.NewSecret()
	probes(2)
	onlyReads(t, server)
}

// TestCost counts what a probe asks for: a log-in and a list when it is the
// first, and a list later.
func TestCost(t *testing.T) {
	t.Parallel()
	c, server := start(t, powerpulsesim.Options{}, powerpulsesim.MustRecorded("running"))
	mustCollect(t, c)
	requests(t, server, map[string]int{"POST /api/auth/login": 1, "GET /api/ups/systems": 1})
	mustCollect(t, c)
	requests(t, server, map[string]int{"POST /api/auth/login": 1, "GET /api/ups/systems": 2})
	if most := server.Stats().MaxInFlight; most != 1 {
		t.Errorf("%d requests at a time", most)
	}
}
