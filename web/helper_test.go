package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"power_exporter/collector"
	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/power"
	"power_exporter/probe"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "s3cret-word"

// withSecret is a configuration that has one.
const withSecret = "auths: {rack: {username: u, password: " + secret + ", targets: [10.0.0.0/8]}}\n"

// readings are what the targets of a test answer, by their address. One that is
// not there answers with an error, one that is nil with no device.
type readings map[string]func(context.Context) ([]power.Device, error)

// collectFunc is the collector of one target.
type collectFunc func(context.Context) ([]power.Device, error)

// Collect implements collector.Collector.
func (f collectFunc) Collect(ctx context.Context) ([]power.Device, error) { return f(ctx) }

// devices is a target with the devices.
func devices(found ...power.Device) func(context.Context) ([]power.Device, error) {
	return func(context.Context) ([]power.Device, error) { return found, nil }
}

// named are devices that have nothing but an id.
func named(ids ...string) func(context.Context) ([]power.Device, error) {
	found := make([]power.Device, len(ids))
	for i, id := range ids {
		found[i] = power.Device{ID: id, Up: true}
	}
	return devices(found...)
}

// kinds is a table of collectors that all answer as the readings say.
func (r readings) kinds() map[string]probe.Kind {
	kind := probe.Kind{
		Parameters: []string{"ups"},
		New: func(target config.Resolved, _ url.Values) (func(*collector.Gate) collector.Collector, error) {
			return func(*collector.Gate) collector.Collector {
				return collectFunc(func(ctx context.Context) ([]power.Device, error) {
					collect, ok := r[target.Address.Host]
					switch {
					case !ok:
						return nil, fmt.Errorf("connecting to %s: connection refused", target.Address)
					case collect == nil:
						return nil, nil
					}
					return collect(ctx)
				})
			}, nil
		},
	}
	return map[string]probe.Kind{"nut": kind, "synlink": kind}
}

// parsed is a configuration.
func parsed(tb testing.TB, text string) *config.Config {
	tb.Helper()
	c, err := config.Parse("test.yml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// options are those of a handler whose targets answer as the readings say.
func options(c *config.Config, r readings) Options {
	registry, self := prometheus.NewRegistry(), exposition.NewSelf()
	registry.MustRegister(self)
	current := func() *config.Config { return c }
	nobody := func(string) (power.Device, bool) { return power.Device{}, false }
	prober := probe.New(r.kinds(), current, nobody, self, slog.New(slog.DiscardHandler))
	return Options{
		Version: "1.2.3",
		Probe: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "probe of "+r.FormValue("target"))
		}),
		Prober:   prober,
		Registry: registry,
		Devices:  func() []power.Device { return nil },
		Config:   current,
		Ready:    func() bool { return true },
	}
}

// serve is the handler of the options.
func serve(tb testing.TB, o Options) http.Handler {
	tb.Helper()
	handler, err := New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return handler
}

// probed makes probes with the parameters.
func probed(tb testing.TB, o Options, queries ...string) {
	tb.Helper()
	for _, text := range queries {
		query, err := url.ParseQuery(text)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := o.Prober.Probe(tb.Context(), query, 0, slog.New(slog.DiscardHandler)); err != nil {
			tb.Fatal(err)
		}
	}
}

// ask makes a request for host exporter.example.net.
func ask(tb testing.TB, handler http.Handler, method, path string) *httptest.ResponseRecorder {
	tb.Helper()
	return do(handler, httptest.NewRequestWithContext(tb.Context(), method, "http://exporter.example.net:10493"+path, nil))
}

func do(handler http.Handler, r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, r)
	return recorder
}

// pass lets a test's clock go on.
func pass(d time.Duration) { <-time.After(d) }
