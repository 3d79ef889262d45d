package powersentrix

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/collector"
	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// fleet are so many UPSes: number 1 has the portal's id 1, the cmm ups-001 and
// the serial number SN1.
func fleet(tb testing.TB, n int) []powersentrixsim.Entry {
	tb.Helper()
	all := make([]powersentrixsim.Entry, n)
	for i := range all {
		id := strconv.Itoa(i + 1)
		cmm := fmt.Sprintf("ups-%03d", i+1)
		all[i] = powersentrixsim.Entry{ID: id, Name: "UPS " + id, UPS: ups(tb, manual().As(cmm, "SN"+id))}
	}
	return all
}

// behind serves a portal behind a handler that may answer first, and says so.
func behind(tb testing.TB, entries []powersentrixsim.Entry, first func(w http.ResponseWriter, r *http.Request) bool) (*powersentrixsim.Portal, string) {
	tb.Helper()
	portal := powersentrixsim.NewPortal(simPortal(), entries...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !first(w, r) {
			portal.ServeHTTP(w, r)
		}
	}))
	tb.Cleanup(func() {
		server.Close()
		if err := portal.Close(); err != nil {
			tb.Error(err)
		}
	})
	return portal, server.URL
}

// TestThreeOfManyFail reads 200 UPSes. Of one the readings cannot be had, of one
// the summary, and of one nothing.
func TestThreeOfManyFail(t *testing.T) {
	t.Parallel()
	var failing atomic.Bool
	_, address := behind(t, fleet(t, 200), func(w http.ResponseWriter, r *http.Request) bool {
		fails := false
		switch r.URL.Query().Get("id") {
		case "7":
			fails = strings.HasSuffix(r.URL.Path, "ComplexObject")
		case "100":
			fails = strings.HasSuffix(r.URL.Path, "BasicInfo")
		case "200":
			fails = true
		}
		if fails = fails && failing.Load(); fails {
			http.Error(w, r.Header.Get("Authorization"), http.StatusBadGateway)
		}
		return fails
	})
	o := portalOptions(t, address)
	o.Concurrency = 8
	c := start(t, o)
	mustCollect(t, c)
	failing.Store(true)
	devices, err := collect(t, c)
	want := strings.NewReplacer("URL", "GET "+address+"/api/v1/ups/").Replace(`reading UPS "ups-007": readings: URLgetUpsComplexObject?id=7: 502 Bad Gateway
reading UPS "ups-100": summary: URLgetBasicInfo?id=100: 502 Bad Gateway
reading UPS "ups-200": summary: URLgetBasicInfo?id=200: 502 Bad Gateway
readings: URLgetUpsComplexObject?id=200: 502 Bad Gateway`)
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if len(devices) != 200 {
		t.Fatalf("%d devices", len(devices))
	}
	for i := range devices {
		number := strconv.Itoa(i + 1)
		id, identity := fmt.Sprintf("%q", fmt.Sprintf("ups-%03d", i+1)), `: name "UPS `+number+`" at "", model "PWX-12-4422", serial "SN`+number+`"`
		want := id + " is up" + identity + ", 2 uptimes, 12 outlets, 1 inlets, 1 batteries, 2 sensors"
		switch i + 1 {
		case 7:
			want = id + " is up" + identity + ", 2 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors"
		case 200:
			want = id + " is down" + identity + ", 0 uptimes, 0 outlets, 0 inlets, 0 batteries, 0 sensors"
		}
		if got := describe(&devices[i]); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	failing.Store(false)
	mustCollect(t, c)
}

// TestManyFail shows that an error stays short enough to be read.
func TestManyFail(t *testing.T) {
	t.Parallel()
	c, portal := startPortal(t, fleet(t, 25), oneByOne)
	portal.SetFault("/api/v1/ups/getUpsComplexObject", simfault.Fault{Status: http.StatusServiceUnavailable})
	devices, err := collect(t, c)
	if err == nil || len(devices) != 25 {
		t.Fatalf("%d devices, %v", len(devices), err)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 11 || !strings.HasPrefix(lines[9], `reading UPS "ups-010": readings: `) || lines[10] != "and 15 more UPSes" {
		t.Errorf("the error is\n%v", err)
	}
}

// TestThePortalGoesAway shows that nobody is asked any more once there is no use
// in it, and that whoever was read before is not up.
func TestThePortalGoesAway(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		away func(portal *httptest.Server, w http.ResponseWriter)
		want string
	}{
		"closed": {func(portal *httptest.Server, _ http.ResponseWriter) {
			_ = portal.Listener.Close() // so that nobody connects any more
			panic(http.ErrAbortHandler)
		}, "connect: connection refused\nnot asked any more: ups-003, ups-004"},
		"busy": {func(_ *httptest.Server, w http.ResponseWriter) {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
		}, "429 Too Many Requests: it is asked too often and wants to be left alone for 30s; scrape it less often, or set the module's cache_ttl\nnot asked any more: ups-003, ups-004"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var away atomic.Bool
			sim := powersentrixsim.NewPortal(simPortal(), fleet(t, 4)...)
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if away.Load() && r.URL.Query().Get("id") == "2" {
					tt.away(server, w)
					return
				}
				sim.ServeHTTP(w, r)
			}))
			t.Cleanup(func() {
				server.Close()
				if err := sim.Close(); err != nil {
					t.Error(err)
				}
			})
			o := portalOptions(t, server.URL)
			o.Concurrency = 1
			c := start(t, o)
			mustCollect(t, c)
			away.Store(true)
			devices, err := collect(t, c)
			if err == nil || !strings.HasPrefix(err.Error(), `reading UPS "ups-002": summary: GET `) || !strings.HasSuffix(err.Error(), tt.want) {
				t.Errorf("got\n%v\nwant it to end in\n%s", err, tt.want)
			}
			if got := described(devices); strings.Count(got, " is up") != 1 || strings.Count(got, " is down: name \"UPS ") != 3 {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// TestTheTimeEnds shows what is left of a reading whose time is over before it
// has asked for every UPS: those that were not asked any more are not up.
func TestTheTimeEnds(t *testing.T) {
	t.Parallel()
	ctx := &expiring{Context: t.Context(), over: make(chan struct{})}
	_, address := behind(t, fleet(t, 15), func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("id") == "3" {
			ctx.expire()
			<-r.Context().Done()
		}
		return false
	})
	o := portalOptions(t, address)
	o.Concurrency = 1
	devices, err := start(t, o).Collect(ctx)
	want := `reading UPS "ups-003": summary: GET ` + address + `/api/v1/ups/getBasicInfo?id=3: no whole answer within the time of the probe: context deadline exceeded
not asked any more: ups-004, ups-005, ups-006, ups-007, ups-008, ups-009, ups-010, ups-011, ups-012, ups-013 and 2 more: give the module more timeout, or a higher max_concurrency`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	var up []string
	for _, d := range devices {
		if d.Up {
			up = append(up, d.ID)
		}
	}
	if diff := cmp.Diff([]string{"ups-001", "ups-002"}, up); diff != "" || len(devices) != 15 {
		t.Errorf("of %d devices are up (-want +got):\n%s", len(devices), diff)
	}
}

// TestTheTimeEndsBetweenRequests shows that nothing is left out silently when
// the time is over after one answer and before the next request.
func TestTheTimeEndsBetweenRequests(t *testing.T) {
	t.Parallel()
	const late = ": waiting for other requests to the device: context deadline exceeded"
	for part, want := range map[string]string{
		"/user/authenticate":       "reading the list of UPSes" + late,
		"/ups/getUpsList":          `reading UPS "ups-001": summary` + late,
		"/ups/getBasicInfo":        `reading UPS "ups-001": readings` + late,
		"/ups/getUpsComplexObject": `reading UPS "ups-001": events` + late,
		logPath:                    "",
	} {
		c, _ := startPortal(t, fleet(t, 1), withLog)
		ctx := &expiring{Context: t.Context(), over: make(chan struct{})}
		c.client.HTTP().Transport = &closing{next: c.client.HTTP().Transport, part: part, closed: ctx.expire}
		devices, err := c.Collect(ctx)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if text != want || text == "" && len(devices) != 1 {
			t.Errorf("%s: %d devices, got error\n%s\nwant\n%s", part, len(devices), text, want)
		}
	}
}

// closing sees when an answer was read.
type closing struct {
	next   http.RoundTripper
	part   string // of the URL
	closed func()
}

// RoundTrip implements [http.RoundTripper].
func (c *closing) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.next.RoundTrip(r)
	if err == nil && strings.Contains(r.URL.Path, c.part) {
		answer.Body = &closingBody{answer.Body, c.closed}
	}
	return answer, err
}

// closingBody is a body that tells when it is closed.
type closingBody struct {
	io.ReadCloser

	closed func()
}

// Close implements [io.Closer].
func (b *closingBody) Close() error {
	b.closed()
	return b.ReadCloser.Close()
}

// TestTheListChanges shows that new UPSes are read, that those which are gone
// are forgotten, and that a UPS which comes back is told from who it was.
func TestTheListChanges(t *testing.T) {
	t.Parallel()
	all := fleet(t, 4)
	c, sim := startPortal(t, all)
	ids := func() (ids []string) {
		for _, d := range mustCollect(t, c) {
			ids = append(ids, d.ID)
		}
		return ids
	}
	for _, tt := range []struct {
		listed []powersentrixsim.Entry
		want   []string
	}{
		{all[:3], []string{"ups-001", "ups-002", "ups-003"}},
		{[]powersentrixsim.Entry{all[3], all[0]}, []string{"ups-004", "ups-001"}},
		{[]powersentrixsim.Entry{all[0], all[0], all[1]}, []string{"ups-001", "ups-002"}},
		{nil, nil},
	} {
		sim.SetEntries(tt.listed...)
		if diff := cmp.Diff(tt.want, ids()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if p, ok := c.source.(*portal); !ok || len(p.units) != 0 {
		t.Errorf("%d UPSes are remembered", len(p.units))
	}
}

// TestOddLists shows what becomes of UPSes that the list does not tell well.
func TestOddLists(t *testing.T) {
	t.Parallel()
	const full = `{"upsData":{"temps":{"board":20}}}`
	for _, tt := range []struct{ name, list, summary, data, want, err string }{
		{"a number", `[{"id":42}]`, `{"cmm":"ups-01"}`, full, "ups-01 up", ""},
		{"the list's cmm", `[{"id":42,"cmm":"ups-02"}]`, `{"cmm":"ups-01"}`, `{"config":{"settings":{"remoteServer":{"upsId":"ups-00"}}},"upsData":{"temps":{"board":20}}}`, "ups-02 up", ""},
		{"the summary's cmm", `[{"id":42,"cmm":null}]`, `{"cmm":"ups-01"}`, `{"config":{"settings":{"remoteServer":{"upsId":"ups-00"}}},"upsData":{"temps":{"board":20}}}`, "ups-01 up", ""},
		{"no cmm", `[{"id":42}]`, `{"name":"x","serialNumber":"S1"}`, `{"config":{"settings":{"remoteServer":{"upsId":"ups-00"}}},"upsData":{"temps":{"board":20}}}`, "ups-00 up", ""},
		{"a serial number", `[{"id":42}]`, `{"name":"x","serialNumber":"S1"}`, full, "S1 up", ""},
		{"nothing but the portal's id", `[{"id":42}]`, `{"name":"x"}`, full, "42 up", ""},
		{"no id", `[{"cmm":"ups-01","name":"x"},{"id":{},"name":"y"}]`, `{}`, ``, "ups-01 down", "reading UPS \"ups-01\": the list has no id of it\nreading UPS \"y\": the list has no id of it"},
		{"one that is none", `[{"id":1,"cmm":"a"},{},{"id":2,"cmm":"b"}]`, `{"name":"x"}`, full, "a up, b up", `reading UPS "number 2 of the list": the list has no id of it`},
		{"an offline one", `[{"id":42,"cmm":"ups-01"}]`, `{"onOffLine":"offline"}`, `must not be asked for`, "ups-01 down", ""},
		{"one with an odd id", `[{"id":" a&b=c ","cmm":"ups-01"}]`, `{"name":"x"}`, full, "ups-01 up", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address := answer(t, func(_ http.ResponseWriter, r *http.Request) string {
				switch r.URL.Path {
				case "/api/v1/user/authenticate":
					return `{"token":"abc"}`
				case "/api/v1/ups/getUpsList":
					return tt.list
				case "/api/v1/ups/getBasicInfo":
					if id := r.URL.Query().Get("id"); tt.name == "one with an odd id" && id != "a&b=c" {
						t.Errorf("asked for id %q", id)
					}
					return tt.summary
				default:
					return tt.data
				}
			})
			devices, err := collect(t, start(t, portalOptions(t, address)))
			text := ""
			if err != nil {
				text = err.Error()
			}
			var got []string
			for _, d := range devices {
				state := " down"
				if d.Up {
					state = " up"
				}
				got = append(got, d.ID+state)
			}
			if strings.Join(got, ", ") != tt.want || text != tt.err {
				t.Errorf("got %v and the error\n%s\nwant %s and\n%s", got, text, tt.want, tt.err)
			}
		})
	}
}

// TestTooManyUPSes shows that a list is not read without end.
func TestTooManyUPSes(t *testing.T) {
	t.Parallel()
	list := strings.Repeat(`{"cmm":"a"},`, maxUPSes) + `{"cmm":"b"}`
	address := answer(t, func(_ http.ResponseWriter, r *http.Request) string {
		if r.Method == http.MethodPost {
			return `{"token":"abc"}`
		}
		return "[" + list + "]"
	})
	devices, err := collect(t, start(t, portalOptions(t, address)))
	if err == nil || !strings.HasPrefix(err.Error(), "the account has 2001 UPSes: only 2000 are read\n") || len(devices) != maxUPSes {
		t.Errorf("%d devices, %v", len(devices), err)
	}
}

// TestAPanic shows that an odd UPS costs itself, and neither the others nor the
// process, and that the panic is counted.
func TestAPanic(t *testing.T) {
	t.Parallel()
	panics := 0
	var log strings.Builder
	pool := collector.NewPool(slog.New(slog.DiscardHandler), func() { panics++ })
	result := pool.Read(t.Context(), collector.Source{MaxConcurrency: 1, New: func(*collector.Gate) collector.Collector {
		// A portal without a session.
		r := reading{portal: &portal{atATime: 2, units: []*unit{
			{item: powersentrix.Item{ID: "1", CMM: "ups-01"}}, {item: powersentrix.Item{CMM: "ups-02"}},
		}}}
		return collectorFunc(r.all)
	}}, time.Minute, slog.New(slog.NewTextHandler(&log, nil)))
	want := "reading UPS \"ups-01\": panic: runtime error: invalid memory address or nil pointer dereference\nreading UPS \"ups-02\": the list has no id of it"
	if result.Err == nil || result.Err.Error() != want || panics != 1 || len(result.Devices) != 2 {
		t.Errorf("%d devices, %d panics, %v", len(result.Devices), panics, result.Err)
	}
	if !strings.Contains(log.String(), "unit.go") {
		t.Errorf("the log does not say where: %s", log.String())
	}
}

// collectorFunc is a collector that is one function.
type collectorFunc func(ctx context.Context) ([]power.Device, error)

// Collect implements [collector.Collector].
func (f collectorFunc) Collect(ctx context.Context) ([]power.Device, error) { return f(ctx) }
