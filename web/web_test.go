package web

import (
	"errors"
	"strings"
	"testing"
)

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
		{"GET", "/sd", nil, 200, "[]"},
		{"HEAD", "/sd", nil, 200, ""},
		{"POST", "/sd", nil, 405, ""},
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
		o := options(parsed(t, withSecret), nil)
		if c.change != nil {
			c.change(&o)
		}
		r := ask(t, serve(t, o), c.method, c.path)
		if r.Code != c.status || !strings.Contains(r.Body.String(), c.says) {
			t.Errorf("%s %s: %d %s; want %d and %q", c.method, c.path, r.Code, r.Body, c.status, c.says)
		}
		if strings.Contains(r.Body.String(), secret) {
			t.Errorf("%s %s shows a secret", c.method, c.path)
		}
	}
}
