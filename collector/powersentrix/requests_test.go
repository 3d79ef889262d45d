package powersentrix

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
)

// asked collects the requests that a server gets.
type asked struct {
	mu   sync.Mutex
	each map[string]int
}

// note notes a request with all that it asks for.
func (a *asked) note(r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.each == nil {
		a.each = map[string]int{}
	}
	a.each[r.Method+" "+r.URL.String()]++
}

// all is every request so far, and how often it was made.
func (a *asked) all() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.each)
}

// TestDirectRequests lists everything that a UPS is ever asked: with an
// identity in its full data, without one, and when it refuses.
func TestDirectRequests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*powersentrixsim.UPS)
		fails  bool
		want   map[string]int // of three readings
	}{
		{"with an identity", func(*powersentrixsim.UPS) {}, false, map[string]int{"GET /api_actions?apiKey=" + key + "&fn=2": 3}},
		{"without an identity", func(u *powersentrixsim.UPS) {
			u.Update(func(d *powersentrixsim.Data) { d.Config.Ident = nil })
		}, false, map[string]int{"GET /api_actions?apiKey=" + key + "&fn=2": 3, "GET /api_actions?apiKey=" + key + "&fn=1": 3}},
		{"that refuses", func(u *powersentrixsim.UPS) {
			u.SetFault("/api_actions", simfault.Fault{Status: http.StatusUnauthorized})
		}, true, map[string]int{"GET /api_actions?apiKey=" + key + "&fn=2": 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u := powersentrixsim.NewUPS(powersentrixsim.Options{APIKey: key}, manual())
			tt.change(u)
			var a asked
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				a.note(r)
				u.ServeHTTP(w, r)
			}))
			t.Cleanup(func() {
				server.Close()
				if err := u.Close(); err != nil {
					t.Error(err)
				}
			})
			c := start(t, options(t, server.URL))
			for range 3 {
				if _, err := collect(t, c); (err != nil) != tt.fails {
					t.Error(err)
				}
			}
			if diff := cmp.Diff(tt.want, a.all()); diff != "" {
				t.Errorf("asked (-want +got)\n%s", diff)
			}
			if acted := u.Acted(); len(acted) > 0 {
				t.Errorf("acted: %v", acted)
			}
		})
	}
}

// TestPortalRequests lists everything that the portal is ever asked in three
// readings: one of the UPSes is offline, and tokens are revoked in between.
func TestPortalRequests(t *testing.T) {
	t.Parallel()
	var a asked
	all := entries(t)
	all = append(all, powersentrixsim.Entry{ID: "7b", Name: "Branch", Offline: true, UPS: ups(t, powersentrixsim.MustRecorded("full"))})
	portal, address := behind(t, all, func(_ http.ResponseWriter, r *http.Request) bool {
		a.note(r)
		return false
	})
	o := portalOptions(t, address)
	o.LogPath = logPath
	o.Concurrency = 1
	c := start(t, o)
	mustCollect(t, c)
	for range 51 {
		all[0].UPS.Record("I/E01", "Output 1 turned ON", "")
	}
	mustCollect(t, c)
	portal.ExpireTokens()
	mustCollect(t, c)
	const base = "GET /api/v1/ups/"
	want := map[string]int{
		"POST /api/v1/user/authenticate":      2,
		base + "getUpsList":                   4, // one was refused
		base + "getBasicInfo?id=42":           3,
		base + "getBasicInfo?id=43":           3,
		base + "getBasicInfo?id=7b":           3,
		base + "getUpsComplexObject?id=42":    3,
		base + "getUpsComplexObject?id=43":    3,
		base + "getLog?id=42&limit=50&page=0": 3,
		base + "getLog?id=42&limit=50&page=1": 1,
		base + "getLog?id=43&limit=50&page=0": 3,
		base + "getLog?id=7b&limit=50&page=0": 3,
	}
	if diff := cmp.Diff(want, a.all()); diff != "" {
		t.Errorf("asked (-want +got)\n%s", diff)
	}
	if acted := portal.Acted(); len(acted) > 0 {
		t.Errorf("acted: %v", acted)
	}
}

// TestBasePaths shows that the paths follow the options.
func TestBasePaths(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{"/api/v1": "/api/v1", "/api/v1/": "/api/v1", "/": "", "": "", "/a b": "/a%20b"} {
		var a asked
		address := answer(t, func(_ http.ResponseWriter, r *http.Request) string {
			a.note(r)
			if r.Method == http.MethodPost {
				return `{"token":"abc"}`
			}
			return `[]`
		})
		o := portalOptions(t, address)
		o.BasePath = base
		mustCollect(t, start(t, o))
		paths := slices.Sorted(maps.Keys(a.all()))
		if diff := cmp.Diff([]string{"GET " + want + "/ups/getUpsList", "POST " + want + "/user/authenticate"}, paths); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", base, diff)
		}
	}
}

// TestNoSecrets lets servers repeat whatever they are sent, in answers of every
// kind, and looks for secrets in errors, logs, and requests as they are shown.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	const token = "t0p.s3cret-token.x"
	for _, status := range []int{200, 302, 400, 401, 403, 404, 429, 500} {
		for _, kind := range []string{
			`%s`, `"%s"`, `{"message":"%s"}`, `{"responseMessage":"%s"}`, `{"token":"%s"}`, `<html>%s</html>`, `[{"id":"x","cmm":%s}]`, `{"error":`,
		} {
			for _, loggedIn := range []bool{false, true} {
				address := answer(t, func(w http.ResponseWriter, r *http.Request) string {
					if loggedIn && r.Method == http.MethodPost {
						return `{"token":"` + token + `"}`
					}
					w.Header().Set("Location", "/?apiKey="+key+"&token="+token+"&password="+password)
					w.WriteHeader(status)
					return strings.ReplaceAll(kind, "%s", key+" "+password+" "+token)
				})
				for _, portal := range []bool{false, true} {
					o := options(t, address)
					o.Portal, o.LogPath = portal, logPath
					c := start(t, o)
					var log strings.Builder
					pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { t.Error("a panic") })
					for range 2 {
						r := pool.Read(t.Context(), collector.Source{MaxConcurrency: 1, New: func(*collector.Gate) collector.Collector { return c }},
							time.Minute, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
						if r.Err == nil {
							t.Errorf("%d %s: no error", status, kind)
						}
						shown := fmt.Sprintf("%v %+v %s %+v", r.Err, r.Requests, log.String(), r.Devices)
						for _, secret := range []string{key, password, token} {
							if strings.Contains(shown, secret) {
								t.Errorf("%d %s: there is a secret in\n%s", status, kind, shown)
							}
						}
					}
				}
			}
		}
	}
}

// TestRequestNames lists how requests are called in metrics and on the debug
// page.
func TestRequestNames(t *testing.T) {
	t.Parallel()
	names := func(c *Collector) []string {
		pool := collector.NewPool(slog.New(slog.DiscardHandler), func() {})
		r := pool.Read(t.Context(), collector.Source{MaxConcurrency: 2, New: func(*collector.Gate) collector.Collector { return c }}, time.Minute, nil)
		if r.Err != nil {
			t.Error(r.Err)
		}
		var names []string
		for _, request := range r.Requests {
			names = append(names, request.Name)
		}
		return names
	}
	u, _ := startWithoutIdentity(t)
	if diff := cmp.Diff([]string{"GET /api_actions fn=2", "GET /api_actions fn=1"}, names(u)); diff != "" {
		t.Errorf("direct: (-want +got)\n%s", diff)
	}
	p, _ := startPortal(t, entries(t)[:1], withLog)
	if diff := cmp.Diff([]string{
		"POST /api/v1/user/authenticate", "GET /api/v1/ups/getUpsList",
		"GET /api/v1/ups/getBasicInfo id=42", "GET /api/v1/ups/getUpsComplexObject id=42", "GET /api/v1/ups/getLog id=42",
	}, names(p)); diff != "" {
		t.Errorf("portal: (-want +got)\n%s", diff)
	}
}
