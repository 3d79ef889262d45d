// Package web is the exporter's HTTP side but for /probe itself: its own
// metrics, the running configuration, health, reload, profiles and the landing
// page.
package web

import (
	"io"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/exporter-toolkit/web"

	"power_exporter/config"
)

// Options are what the pages show and the actions do.
type Options struct {
	Version  string
	Probe    http.Handler
	Registry *prometheus.Registry // of the exporter's own metrics
	Config   func() *config.Config
	// Reload loads the configuration anew; nil if it must not be asked for
	// over HTTP.
	Reload func() error
	// Ready says whether the exporter wants requests; it does not while it
	// stops.
	Ready func() bool
}

// bodyTime is how long the body of a request may take.
const bodyTime = 10 * time.Second

// New is the handler of all paths.
func New(o Options) (http.Handler, error) {
	landing, err := landingPage(o.Version)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", landing)
	mux.Handle("GET /probe", o.Probe)
	mux.Handle("GET /metrics", promhttp.InstrumentMetricHandler(o.Registry, promhttp.HandlerFor(o.Registry, promhttp.HandlerOpts{Registry: o.Registry})))
	mux.HandleFunc("GET /config", o.config)
	mux.HandleFunc("GET /-/healthy", o.healthy)
	mux.HandleFunc("GET /-/ready", o.ready)
	mux.HandleFunc("POST /-/reload", o.reload)
	mux.HandleFunc("PUT /-/reload", o.reload)
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

// landingPage says where everything is, and has a form for a probe.
func landingPage(version string) (http.Handler, error) {
	return web.NewLandingPage(web.LandingConfig{
		Name:        "power_exporter",
		Description: "Prometheus exporter for power equipment",
		Version:     version,
		Links: []web.LandingLinks{
			{Address: "/metrics", Text: "Metrics", Description: "the exporter's own"},
			{Address: "/config", Text: "Configuration", Description: "as it is in force, without secrets"},
			{Address: "/-/healthy", Text: "Health"},
		},
		Form: web.LandingForm{
			Action: "/probe",
			Inputs: []web.LandingFormInput{
				{Label: "Target", Type: "text", Name: "target", Placeholder: "a target's name, or host:port"},
				{Label: "Module", Type: "text", Name: "module", Placeholder: "for host:port", Value: "nut"},
				{Label: "Auth", Type: "text", Name: "auth", Placeholder: "if it needs one"},
				{Label: "Debug", Type: "text", Name: "debug", Placeholder: "true or false", Value: "true"},
			},
		},
	})
}

// config shows the configuration in force.
func (o *Options) config(w http.ResponseWriter, _ *http.Request) {
	text, err := o.Config().Redacted()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	plain(w, http.StatusOK, string(text))
}

// healthy says that the process answers.
func (o *Options) healthy(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "power_exporter is healthy.\n")
}

// ready says whether the exporter wants requests.
func (o *Options) ready(w http.ResponseWriter, _ *http.Request) {
	if !o.Ready() {
		plain(w, http.StatusServiceUnavailable, "power_exporter is stopping.\n")
		return
	}
	plain(w, http.StatusOK, "power_exporter is ready.\n")
}

// reload loads the configuration anew.
func (o *Options) reload(w http.ResponseWriter, _ *http.Request) {
	if o.Reload == nil {
		plain(w, http.StatusForbidden, "Reloading over HTTP is not enabled: start the exporter with --web.enable-lifecycle, or send it SIGHUP.\n")
		return
	}
	if err := o.Reload(); err != nil {
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
