package web

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"power_exporter/config"
	"power_exporter/exposition"
)

const secret = "s3cret-word"

// pages is a handler of all paths, whose options a test may change first.
func pages(tb testing.TB, change func(*Options)) http.Handler {
	tb.Helper()
	c, err := config.Parse("test.yml", []byte("auths: {rack: {username: u, password: "+secret+", targets: [10.0.0.0/8]}}"))
	if err != nil {
		tb.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(exposition.NewSelf())
	o := Options{
		Version: "1.2.3",
		Probe: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "probe of "+r.FormValue("target"))
		}),
		Registry: registry,
		Config:   func() *config.Config { return c },
		Ready:    func() bool { return true },
	}
	if change != nil {
		change(&o)
	}
	handler, err := New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return handler
}

func ask(tb testing.TB, handler http.Handler, method, path string) *httptest.ResponseRecorder {
	tb.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequestWithContext(tb.Context(), method, path, nil))
	return recorder
}

func TestPaths(t *testing.T) {
	stopping := func(o *Options) { o.Ready = func() bool { return false } }
	reloads := func(err error) func(*Options) {
		return func(o *Options) { o.Reload = func() error { return err } }
	}
	for _, c := range []struct {
		method, path string
		change       func(*Options)
		status       int
		says         string
	}{
		{"GET", "/", nil, 200, `name="target"`},
		{"HEAD", "/", nil, 200, ""},
		{"GET", "/nothing", nil, 404, ""},
		{"GET", "/probe?target=a", nil, 200, "probe of a"},
		{"POST", "/probe?target=a", nil, 405, ""},
		{"GET", "/metrics", nil, 200, "power_exporter_config_last_reload_successful"},
		{"GET", "/config", nil, 200, "password: <secret>"},
		{"GET", "/-/healthy", nil, 200, "power_exporter is healthy."},
		{"GET", "/-/ready", nil, 200, "power_exporter is ready."},
		{"GET", "/-/ready", stopping, 503, "power_exporter is stopping."},
		{"GET", "/-/healthy", stopping, 200, "power_exporter is healthy."},
		{"POST", "/-/reload", nil, 403, "--web.enable-lifecycle"},
		{"POST", "/-/reload", reloads(nil), 200, "The configuration was loaded."},
		{"PUT", "/-/reload", reloads(nil), 200, "The configuration was loaded."},
		{"GET", "/-/reload", reloads(nil), 405, ""},
		{"POST", "/-/reload", reloads(errors.New("config.yml:3: no")), 500, "config.yml:3: no"},
		{"GET", "/debug/pprof/", nil, 200, "goroutine"},
		{"GET", "/debug/pprof/heap", nil, 200, ""},
		{"GET", "/debug/pprof/cmdline", nil, 200, ""},
		{"POST", "/debug/pprof/symbol", nil, 405, ""}, // its answer grows with the body, without limit
	} {
		r := ask(t, pages(t, c.change), c.method, c.path)
		if r.Code != c.status || !strings.Contains(r.Body.String(), c.says) {
			t.Errorf("%s %s: %d %s; want %d and %q", c.method, c.path, r.Code, r.Body, c.status, c.says)
		}
		if strings.Contains(r.Body.String(), secret) {
			t.Errorf("%s %s shows a secret", c.method, c.path)
		}
	}
}

// TestFormFitsProbe shows that what the landing page's form sends is what
// /probe takes.
func TestFormFitsProbe(t *testing.T) {
	page := ask(t, pages(t, nil), "GET", "/").Body.String()
	for _, part := range []string{`action="/probe"`, `name="target"`, `name="module"`, `name="auth"`, `name="debug"`, `href="/metrics"`, `href="/config"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
}
