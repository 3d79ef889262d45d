package probe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"power_exporter/collector"
	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// device is what the fake kind's targets have.
func device(id string, voltage float64) power.Device {
	return power.Device{ID: id, Up: true, Inlets: []power.Inlet{{ID: "1", Electrical: power.Electrical{Voltage: power.Volts(power.Of(voltage))}}}}
}

// behaviour is what a collector of the fake kind does.
type behaviour func(context.Context) ([]power.Device, error)

func (b behaviour) Collect(ctx context.Context) ([]power.Device, error) { return b(ctx) }

// well reads two devices without fail.
func well(ctx context.Context) ([]power.Device, error) {
	collector.Record(ctx, collector.Request{Name: "everything", Duration: time.Second, Bytes: 42})
	collector.Logger(ctx).Debug("reading everything")
	return []power.Device{device("a", 230), device("b", 231)}, nil
}

// fixture is a prober whose targets do as the behaviour says, and what it
// counts and logs.
type fixture struct {
	*Prober
	self *exposition.Self
	log  *buffer
}

// pushed is a device that has pushed, and one that no longer does.
func pushed(id string) (power.Device, bool) {
	switch id {
	case "ups-01":
		return device(id, 48), true
	case "ups-02":
		d := device(id, 48)
		return d.Down(), true
	}
	return power.Device{}, false
}

// newFixture makes a prober of a configuration in YAML.
func newFixture(tb testing.TB, text string, b behaviour) fixture {
	tb.Helper()
	c, err := config.Parse("test.yml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	self, log := exposition.NewSelf(), &buffer{}
	kinds := map[string]Kind{"nut": {
		Parameters: []string{"ups"},
		New: func(_ config.Resolved, parameters url.Values) (func(*collector.Gate) collector.Collector, error) {
			if ups := parameters.Get("ups"); ups == "bad" {
				return nil, errors.New("parameter ups is bad")
			}
			return func(*collector.Gate) collector.Collector { return b }, nil
		},
	}}
	logger := slog.New(slog.NewTextHandler(log, nil))
	return fixture{New(kinds, func() *config.Config { return c }, pushed, self, logger), self, log}
}

// get asks the prober's handler for a path.
func (f fixture) get(tb testing.TB, path string, header ...string) *httptest.ResponseRecorder {
	tb.Helper()
	request := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	f.Handler(500*time.Millisecond).ServeHTTP(recorder, request)
	return recorder
}

// still replaces what differs from run to run.
func still(text string) string {
	text = regexp.MustCompile(`(?m)^(probe_duration_seconds|power_probe_age_seconds) .*$`).ReplaceAllString(text, "$1 …")
	text = regexp.MustCompile(`succeeded in [0-9.µnms]+s`).ReplaceAllString(text, "succeeded in …")
	text = regexp.MustCompile(`failed in [0-9.µnms]+s`).ReplaceAllString(text, "failed in …")
	text = regexp.MustCompile(`time=\S+`).ReplaceAllString(text, "time=…")
	return regexp.MustCompile(`duration=\S+`).ReplaceAllString(text, "duration=…")
}

func TestAnswers(t *testing.T) {
	const bound = "auths: {rack: {username: u, password: s3cret-word, targets: [10.0.0.0/8]}}\n"
	for _, c := range []struct {
		name, config string
		collect      behaviour
		path         string
		status       int
		golden       string // of a 200
		sentence     string // of anything else
	}{
		{name: "success", path: "/probe?module=nut&target=ups.example.net", golden: "success.prom"},
		{name: "named", config: "targets: [{name: rack-a, address: ups.example.net, module: nut}]", path: "/probe?target=rack-a", golden: "success.prom"},
		{name: "partial", collect: func(context.Context) ([]power.Device, error) {
			return []power.Device{device("a", 230)}, errors.New("device b did not answer")
		}, path: "/probe?module=nut&target=ups.example.net", golden: "partial.prom"},
		{name: "panic", collect: func(context.Context) ([]power.Device, error) { panic("oh no") }, path: "/probe?module=nut&target=ups.example.net", golden: "nothing.prom"},
		{name: "one device", path: "/probe?module=nut&target=ups.example.net&device=b", golden: "device.prom"},
		{name: "no such device", path: "/probe?module=nut&target=ups.example.net&device=c", golden: "no-device.prom"},
		{name: "empty parameters", path: "/probe?module=nut&target=ups.example.net&auth=&device=&ups=&debug=", golden: "success.prom"},
		{name: "debug", config: bound, path: "/probe?module=nut&target=10.1.2.3&auth=rack&debug=true", golden: "debug.txt"},

		{name: "pushed", path: "/probe?module=push&target=ups-01", golden: "pushed.prom"},
		{name: "pushed no longer", path: "/probe?module=push&target=ups-02", golden: "pushed-down.prom"},
		{name: "not pushed", path: "/probe?module=push&target=ups-03", golden: "not-pushed.prom"},
		{name: "pushed, for people", path: "/probe?module=push&target=ups-01&debug=true", golden: "pushed.txt"},
		{name: "pushed by nobody", path: "/probe?module=push", status: 400, sentence: "parameter target is missing: add target= with the id of a device that pushes"},
		{name: "too long", path: "/probe?module=push&target=" + strings.Repeat("x", 1025), status: 400, sentence: "parameter target has 1025 bytes: at most 1024 are taken"},
		{name: "pushed with an auth", path: "/probe?module=push&target=ups-01&auth=rack", status: 400, sentence: `a device that pushes is not asked, so that it needs no auth: leave out auth=rack`},
		{name: "pushed, by the form", path: "/probe?module=push&target=ups-01&auth=", golden: "pushed.prom"},
		{name: "pushed with more", path: "/probe?module=push&target=ups-01&ups=a", status: 400, sentence: `unknown parameter "ups": known are target, module, auth, debug`},
		{name: "pushed, without its module", path: "/probe?target=ups-01", status: 400, sentence: `target "ups-01" is a device that pushes: add module=push`},
		{name: "configured, and pushed", config: "targets: [{name: ups-01, address: a, module: nut}]", path: "/probe?target=ups-01&auth=rack", status: 400, sentence: `target "ups-01" is configured without auth: leave out auth="rack"`},
		{name: "no target", path: "/probe?module=nut", status: 400, sentence: "parameter target is missing: add target= with the name of a configured target, or with an address and module="},
		{name: "no module", path: "/probe?target=ups.example.net", status: 400, sentence: `target "ups.example.net" is not configured by that name, and parameter module is missing: correct the name, or add module= with one of cloudtrax, ems, nut, powerpulse, powersentrix, synlink`},
		{name: "unknown module", path: "/probe?target=a&module=snmp", status: 400, sentence: `unknown module "snmp": known modules are cloudtrax, ems, nut, powerpulse, powersentrix, synlink`},
		{name: "unknown parameter", path: "/probe?target=a&module=nut&upss=b", status: 400, sentence: `unknown parameter "upss": known are target, module, auth, device, debug, ups`},
		{name: "twice", path: "/probe?target=a&target=b&module=nut", status: 400, sentence: "parameter target is given 2 times: give it once"},
		{name: "a query of another kind", path: "/probe?target=a&module=nut&ups=a;b", status: 400, sentence: "the query cannot be read: invalid semicolon separator in query"},
		{name: "a query that is cut off", path: "/probe?target=a&module=nut&ups=%zz", status: 400, sentence: `the query cannot be read: invalid URL escape "%zz"`},
		{name: "bad debug", path: "/probe?target=a&module=nut&debug=please", status: 400, sentence: `parameter debug is "please": it must be true or false`},
		{name: "bad parameter of its own", path: "/probe?target=a&module=nut&ups=bad", status: 400, sentence: "parameter ups is bad"},
		{name: "bad address", path: "/probe?target=http://a&module=nut", status: 400, sentence: `target "http://a" is not host or host:port: leave out "http://"`},
		{name: "denied", config: "probe: {ad_hoc_targets: deny}", path: "/probe?target=a&module=nut", status: 403, sentence: `target "a" is not configured, and probe.ad_hoc_targets is deny: add it to targets in the configuration`},
		{name: "not bound", config: bound, path: "/probe?target=192.168.0.1&module=nut&auth=rack", status: 403, sentence: `auth "rack" is not bound to 192.168.0.1:3493: add "192.168.0.1:3493" to auths.rack.targets in the configuration, or configure the target by name`},
		{name: "debug of what is wrong", config: bound, path: "/probe?target=192.168.0.1&module=nut&auth=rack&debug=true", status: 403, sentence: `auth "rack" is not bound to 192.168.0.1:3493: add "192.168.0.1:3493" to auths.rack.targets in the configuration, or configure the target by name`},
	} {
		t.Run(c.name, func(t *testing.T) {
			collect := c.collect
			if collect == nil {
				collect = well
			}
			f := newFixture(t, c.config, collect)
			r := f.get(t, c.path)
			if c.golden == "" {
				if got := strings.TrimSuffix(r.Body.String(), "\n"); r.Code != c.status || got != c.sentence {
					t.Errorf("%d %s\nwant %d %s", r.Code, got, c.status, c.sentence)
				}
				return
			}
			if r.Code != http.StatusOK {
				t.Fatalf("%d %s", r.Code, r.Body)
			}
			golden.Text(t, filepath.Join("testdata", c.golden), still(r.Body.String()))
			if all := r.Body.String() + f.log.String(); strings.Contains(all, "s3cret-word") {
				t.Errorf("a secret shows: %s", all)
			}
		})
	}
}

func TestScrapeTimeout(t *testing.T) {
	for _, c := range []struct {
		header string
		want   time.Duration
		err    string
	}{
		{"", 0, ""},
		{"10", 9500 * time.Millisecond, ""},
		{"0.75", 250 * time.Millisecond, ""},
		{"0.5", 250 * time.Millisecond, ""},
		{"0.1", 50 * time.Millisecond, ""},
		{"1e3", 999500 * time.Millisecond, ""},
		{"0", 0, `header X-Prometheus-Scrape-Timeout-Seconds is "0": it must be a number of seconds above 0`},
		{"-1", 0, `header X-Prometheus-Scrape-Timeout-Seconds is "-1": it must be a number of seconds above 0`},
		{"soon", 0, `header X-Prometheus-Scrape-Timeout-Seconds is "soon": it must be a number of seconds above 0`},
		{"NaN", 0, `header X-Prometheus-Scrape-Timeout-Seconds is "NaN": it must be a number of seconds above 0`},
		{"+Inf", 0, `header X-Prometheus-Scrape-Timeout-Seconds is "+Inf": it must be a number of seconds above 0`},
	} {
		h := http.Header{}
		if c.header != "" {
			h.Set(timeoutHeader, c.header)
		}
		got, limit, err := scrapeTimeout(h, 500*time.Millisecond)
		if whole := 2*limit - got; c.want > 0 && (limit <= got || whole <= limit) {
			t.Errorf("%q: the limit %s is not between %s and %s", c.header, limit, got, whole)
		}
		if got != c.want || fmt.Sprint(err) != cmpErr(c.err) {
			t.Errorf("%q gives %s, %v; want %s, %q", c.header, got, err, c.want, c.err)
		}
	}
	f := newFixture(t, "", well)
	if r := f.get(t, "/probe?module=nut&target=a", timeoutHeader, "never"); r.Code != http.StatusBadRequest {
		t.Errorf("%d %s", r.Code, r.Body)
	}
}

// cmpErr is how an error prints that says this much.
func cmpErr(text string) string {
	if text == "" {
		return "<nil>"
	}
	return text
}

// TestTheShorterTimeoutCounts shows which deadline a collector gets: that of
// the scrape, unless the module's is shorter.
func TestTheShorterTimeoutCounts(t *testing.T) {
	for _, c := range []struct {
		header string
		want   time.Duration
	}{
		{"", 4 * time.Second},
		{"60", 4 * time.Second},
		{"2", 1500 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFixture(t, "modules: {nut: {timeout: 4s}}", func(ctx context.Context) ([]power.Device, error) {
				<-ctx.Done()
				return []power.Device{device("a", 230)}, ctx.Err()
			})
			start := time.Now()
			r := f.get(t, "/probe?module=nut&target=a", timeoutHeader, c.header)
			if took := time.Since(start); took != c.want {
				t.Errorf("took %s, want %s", took, c.want)
			}
			body := r.Body.String()
			if r.Code != http.StatusOK || !strings.Contains(body, "\nprobe_success 0\n") || !strings.Contains(body, `power_device_up{device="a"} 1`) {
				t.Errorf("%d %s", r.Code, body)
			}
		})
	}
}

// TestTwoPrometheusServers shows that two scrapes at once cost the device one
// reading, that both get it, and that the second says so.
func TestTwoPrometheusServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		readings := 0
		f := newFixture(t, "", func(ctx context.Context) ([]power.Device, error) {
			readings++
			<-time.After(time.Second)
			return well(ctx)
		})
		var both sync.WaitGroup
		answers := make([]string, 2)
		for i := range answers {
			both.Go(func() { answers[i] = f.get(t, "/probe?module=nut&target=a").Body.String() })
		}
		both.Wait()
		cached := 0
		for _, answer := range answers {
			if !strings.Contains(answer, "\nprobe_success 1\n") || !strings.Contains(answer, `power_device_up{device="b"} 1`) {
				t.Errorf("one got %s", answer)
			}
			if strings.Contains(answer, "\npower_probe_cached 1\n") {
				cached++
			}
		}
		if readings != 1 || cached != 1 {
			t.Errorf("%d readings, %d answers that are shared; want 1 and 1", readings, cached)
		}
		counted := golden.Gather(t, f.self)
		for _, line := range []string{
			`power_exporter_probes_coalesced_total{module="nut"} 1`,
			`power_exporter_probes_total{module="nut",result="success"} 2`,
			`power_exporter_probes_in_flight 0`,
		} {
			if !strings.Contains(counted, line+"\n") {
				t.Errorf("self metrics lack %s:\n%s", line, counted)
			}
		}
	})
}

// TestAProbeNeverOutlastsItsScrape shows that a short scrape which joins the
// reading of a long one is answered in its own time.
func TestAProbeNeverOutlastsItsScrape(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "", func(ctx context.Context) ([]power.Device, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		long := make(chan struct{})
		go func() {
			defer close(long)
			f.get(t, "/probe?module=nut&target=a", timeoutHeader, "10")
		}()
		synctest.Wait()
		start := time.Now()
		r := f.get(t, "/probe?module=nut&target=a", timeoutHeader, "0.2")
		if took := time.Since(start); took != 150*time.Millisecond || r.Code != http.StatusOK || !strings.Contains(r.Body.String(), "\nprobe_success 0\n") {
			t.Errorf("after %s: %d %s", took, r.Code, r.Body)
		}
		<-long
	})
}

// TestFailureIsLoggedOnceAndCounted shows where an operator finds a failure.
func TestFailureIsLoggedOnceAndCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, "", func(context.Context) ([]power.Device, error) {
			<-time.After(time.Second)
			panic("oh no")
		})
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { f.get(t, "/probe?module=nut&target=a") })
		}
		both.Wait()
		f.get(t, "/probe?module=nut")
		log := f.log.String()
		if strings.Count(log, "probe failed") != 1 || !strings.Contains(log, `err="panic: oh no"`) || !strings.Contains(log, "target=a:3493 module=nut") {
			t.Errorf("log: %s", log)
		}
		counted := golden.Gather(t, f.self)
		for _, line := range []string{
			`power_exporter_panics_total 1`,
			`power_exporter_probes_total{module="nut",result="failure"} 2`,
			`power_exporter_probes_total{module="",result="refused"} 1`,
		} {
			if !strings.Contains(counted, line+"\n") {
				t.Errorf("self metrics lack %s:\n%s", line, counted)
			}
		}
	})
}

// TestResetForgets shows that after a reload nothing goes on with collectors of
// the old configuration.
func TestResetForgets(t *testing.T) {
	f := newFixture(t, "modules: {nut: {cache_ttl: 1h}}", well)
	cached := func() bool {
		return strings.Contains(f.get(t, "/probe?module=nut&target=a").Body.String(), "\npower_probe_cached 1\n")
	}
	if first, second := cached(), cached(); first || !second {
		t.Errorf("cached: first %v, second %v", first, second)
	}
	f.Reset()
	if cached() {
		t.Error("cached after a reset")
	}
}

// TestGoldenFilesAreUsed guards against golden files that no case reads.
func TestGoldenFilesAreUsed(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("probe_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.Contains(string(source), `"`+entry.Name()+`"`) {
			t.Errorf("nothing uses testdata/%s", entry.Name())
		}
	}
}
