// Package web is the exporter's HTTP side but for /probe itself: the status
// page, service discovery, its own metrics, the running configuration, health,
// reload and profiles.
package web

import (
	"io"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/power"
	"power_exporter/probe"
	"power_exporter/receiver"
)

// Options are what the pages show and the actions do.
type Options struct {
	Version string
	Probe   http.Handler
	// Prober has the results that are shown, and finds the devices behind
	// targets.
	Prober   *probe.Prober
	Registry *prometheus.Registry // of the exporter's own metrics
	// Devices are those that push, for /metrics.
	Devices func() []power.Device
	Config  func() *config.Config
	// ExternalURL is where the exporter is reached if that is not where it is
	// asked, such as behind a proxy: scheme, host and the prefix of all paths,
	// which the proxy takes away. Mostly "".
	ExternalURL string
	// Pushed are the devices that push, and PushedDevice looks up one of them.
	// Both are nil if there can be none.
	Pushed       func() []receiver.Status
	PushedDevice func(id string) (power.Device, bool)
	// Loaded is how it went to load the configuration last; nil if nobody knows. An
	// error of one that is in force since the attempt is of a part that is not.
	Loaded func() config.Attempt
	// Refused are the pushes that were refused lately, those of the last one
	// first; nil if there can be none.
	Refused func() []receiver.Refusal
	// Reload loads the configuration anew; nil if it must not be asked for
	// over HTTP.
	Reload func() error
	// Ready says whether the exporter wants requests; it does not while it
	// stops.
	Ready func() bool
}

// bodyTime is how long the body of a request may take.
const bodyTime = 10 * time.Second

// pages answers what is asked of the exporter.
type pages struct {
	Options
	external *address // nil for where a request is made
}

// New is the handler of all paths. Its error is about the external URL.
func New(o Options) (http.Handler, error) {
	external, err := externalAddress(o.ExternalURL)
	if err != nil {
		return nil, err
	}
	p := &pages{Options: o, external: external}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.status)
	mux.Handle("GET /probe", o.Probe)
	mux.Handle("GET /metrics", promhttp.InstrumentMetricHandler(o.Registry, exposition.NewHandler(o.Registry, o.Devices)))
	mux.HandleFunc("GET /sd", p.sd)
	mux.HandleFunc("GET /config", p.config)
	mux.HandleFunc("GET /-/healthy", p.healthy)
	mux.HandleFunc("GET /-/ready", p.ready)
	mux.HandleFunc("POST /-/reload", p.reload)
	mux.HandleFunc("PUT /-/reload", p.reload)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return impatient(mux), nil
}

// impatient gives a request that announces a body, which none of the pages
// needs, a moment to send it.
func impatient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
		}
		next.ServeHTTP(w, r)
	})
}

// config shows the configuration in force.
func (p *pages) config(w http.ResponseWriter, _ *http.Request) {
	text, err := p.Config().Redacted()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	plain(w, http.StatusOK, string(text))
}

// healthy says that the process answers.
func (p *pages) healthy(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "power_exporter is healthy.\n")
}

// ready says whether the exporter wants requests.
func (p *pages) ready(w http.ResponseWriter, _ *http.Request) {
	if !p.Ready() {
		plain(w, http.StatusServiceUnavailable, "power_exporter is stopping.\n")
		return
	}
	plain(w, http.StatusOK, "power_exporter is ready.\n")
}

// reload loads the configuration anew.
func (p *pages) reload(w http.ResponseWriter, _ *http.Request) {
	if p.Reload == nil {
		plain(w, http.StatusForbidden, "Reloading over HTTP is not enabled: start the exporter with --web.enable-lifecycle, or send it SIGHUP.\n")
		return
	}
	if err := p.Reload(); err != nil {
		plain(w, http.StatusInternalServerError, "The configuration was not loaded, the previous one stays in force:\n"+err.Error()+"\n")
		return
	}
	plain(w, http.StatusOK, "The configuration was loaded.\n")
}

// plain answers with text that no browser takes for anything else.
func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
