package exposition

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Result is how a probe ended, for the exporter's own count.
type Result string

// The results of a probe.
const (
	Succeeded Result = "success" // everything was read
	Failed    Result = "failure" // something was not
	Refused   Result = "refused" // the request was wrong and nothing was asked of any target: a 4xx
)

// results is every Result, each of which is a series as soon as a module has
// any: a rate needs the zero before the first failure.
var results = [...]Result{Succeeded, Failed, Refused}

var (
	selfReloadSuccessful = own(gauge, "power_exporter_config_last_reload_successful",
		"1 when the configuration was loaded the last time it was tried, 0 when that failed and the one before is still in use.")
	selfReloadTimestamp = own(gauge, "power_exporter_config_last_reload_success_timestamp_seconds",
		"When the configuration was last loaded successfully, in seconds since the Unix epoch.")
	selfProbes = own(counter, "power_exporter_probes_total",
		"Number of probes by their result: success, failure, or refused for a request that was wrong (a 4xx).", "module", "result")
	selfProbeDuration = own(histogram, "power_exporter_probe_duration_seconds",
		"How long probes took that were not refused, in seconds.", "module")
	selfCoalesced = own(counter, "power_exporter_probes_coalesced_total",
		"Number of probes that were answered with the reading of another probe of the same target, made at the same time or cached.", "module")
	selfPanics = own(counter, "power_exporter_panics_total",
		"Number of panics caught; each one is a bug worth a report.")
	selfInFlight = own(gauge, "power_exporter_probes_in_flight",
		"Number of probes under way.")
	selfMixed = own(counter, "power_exporter_powerpulse_mixed_objects_total",
		"Number of UPSes that PowerPulse showed with the readings of another one, and that were left out for that.")
	selfPushes = own(counter, "power_exporter_pushes_total",
		"Number of requests to the push listener by their result: accepted, or why not.", "receiver", "result")
	selfPushDuration = own(histogram, "power_exporter_push_duration_seconds",
		"How long requests to the push listener took, from the end of their head, in seconds.", "receiver")
	selfPushesInFlight = own(gauge, "power_exporter_pushes_in_flight",
		"Number of requests to the push listener under way.")
)

// own declares a family of the exporter's own. Its Desc is made by the
// instrument, once.
func own(typ metricType, name, help string, labels ...string) *family {
	return &family{name: name, typ: typ, help: help, labels: labels}
}

func selfFamilies() []*family {
	return []*family{
		selfReloadSuccessful, selfReloadTimestamp, selfProbes, selfProbeDuration, selfCoalesced, selfPanics, selfInFlight,
		selfMixed, selfPushes, selfPushDuration, selfPushesInFlight,
	}
}

// Self is what the exporter measures of itself, a [prometheus.Collector] for
// /metrics. Its methods may be called concurrently.
//
// A module is the name of one that is configured, or "" for a request that
// names none: what a client sends must not become a label, or it could make
// series without end.
type Self struct {
	reloadSuccessful prometheus.Gauge
	reloadTimestamp  prometheus.Gauge
	probes           *prometheus.CounterVec
	probeDuration    *prometheus.HistogramVec
	coalesced        *prometheus.CounterVec
	panics           prometheus.Counter
	inFlight         prometheus.Gauge
	mixed            prometheus.Counter
	pushes           *prometheus.CounterVec
	pushDuration     *prometheus.HistogramVec
	pushesInFlight   prometheus.Gauge
}

// NewSelf returns instruments at zero.
func NewSelf() *Self {
	return &Self{
		reloadSuccessful: prometheus.NewGauge(prometheus.GaugeOpts(selfReloadSuccessful.opts())),
		reloadTimestamp:  prometheus.NewGauge(prometheus.GaugeOpts(selfReloadTimestamp.opts())),
		probes:           prometheus.NewCounterVec(prometheus.CounterOpts(selfProbes.opts()), selfProbes.labels),
		probeDuration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: selfProbeDuration.name,
			Help: selfProbeDuration.help,
			// From a local UPS server to the slowest device anybody waits for.
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30},
		}, selfProbeDuration.labels),
		coalesced: prometheus.NewCounterVec(prometheus.CounterOpts(selfCoalesced.opts()), selfCoalesced.labels),
		panics:    prometheus.NewCounter(prometheus.CounterOpts(selfPanics.opts())),
		inFlight:  prometheus.NewGauge(prometheus.GaugeOpts(selfInFlight.opts())),
		mixed:     prometheus.NewCounter(prometheus.CounterOpts(selfMixed.opts())),
		pushes:    prometheus.NewCounterVec(prometheus.CounterOpts(selfPushes.opts()), selfPushes.labels),
		pushDuration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: selfPushDuration.name,
			Help: selfPushDuration.help,
			// Most of it is the disk's, of which the slowest take a second.
			Buckets: []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5},
		}, selfPushDuration.labels),
		pushesInFlight: prometheus.NewGauge(prometheus.GaugeOpts(selfPushesInFlight.opts())),
	}
}

func (f *family) opts() prometheus.Opts { return prometheus.Opts{Name: f.name, Help: f.help} }

// ReloadSucceeded notes that the configuration was loaded at t.
func (s *Self) ReloadSucceeded(t time.Time) {
	s.reloadSuccessful.Set(1)
	s.reloadTimestamp.Set(float64(t.UnixMicro()) / 1e6)
}

// ReloadFailed notes that a new configuration could not be loaded.
func (s *Self) ReloadFailed() { s.reloadSuccessful.Set(0) }

// ProbeStarted notes that a probe is under way until done is called.
func (s *Self) ProbeStarted() (done func()) {
	s.inFlight.Inc()
	return s.inFlight.Dec
}

// ProbeDone counts a probe that ended and took so long. The time of a refused
// one says nothing about any device and is left out of the histogram.
func (s *Self) ProbeDone(module string, result Result, took time.Duration) {
	module = valid(module)
	for _, r := range results {
		s.probes.WithLabelValues(module, string(r))
	}
	s.probes.WithLabelValues(module, string(result)).Inc()
	s.coalesced.WithLabelValues(module)
	if result != Refused {
		s.probeDuration.WithLabelValues(module).Observe(took.Seconds())
	}
}

// ProbeCoalesced counts a probe that shared the reading of another one.
func (s *Self) ProbeCoalesced(module string) { s.coalesced.WithLabelValues(valid(module)).Inc() }

// Panicked counts a panic that was caught.
func (s *Self) Panicked() { s.panics.Inc() }

// Mixed counts a UPS that PowerPulse showed with the readings of another.
func (s *Self) Mixed() { s.mixed.Inc() }

// PushesPossible makes the series of a receiver and its results: a rate needs
// the zero before the first.
func (s *Self) PushesPossible(receiver string, results []string) {
	for _, result := range results {
		s.pushes.WithLabelValues(receiver, result)
	}
}

// PushStarted notes that a request to the push listener is under way.
func (s *Self) PushStarted() { s.pushesInFlight.Inc() }

// PushDone counts a request to the push listener that ended and took so long.
func (s *Self) PushDone(receiver, result string, took time.Duration) {
	s.pushesInFlight.Dec()
	s.pushes.WithLabelValues(receiver, result).Inc()
	s.pushDuration.WithLabelValues(receiver).Observe(took.Seconds())
}

// Describe implements [prometheus.Collector].
func (s *Self) Describe(ch chan<- *prometheus.Desc) {
	for _, c := range s.collectors() {
		c.Describe(ch)
	}
}

// Collect implements [prometheus.Collector].
func (s *Self) Collect(ch chan<- prometheus.Metric) {
	for _, c := range s.collectors() {
		c.Collect(ch)
	}
}

func (s *Self) collectors() []prometheus.Collector {
	return []prometheus.Collector{
		s.reloadSuccessful, s.reloadTimestamp, s.probes, s.probeDuration, s.coalesced, s.panics, s.inFlight,
		s.mixed, s.pushes, s.pushDuration, s.pushesInFlight,
	}
}
