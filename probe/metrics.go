package probe

import (
	"io"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"power_exporter/exposition"
)

// Metrics is the registry of all that the probe exports: the devices, and how
// the probe went.
func (r *Report) Metrics() (*prometheus.Registry, error) {
	registry := prometheus.NewRegistry()
	for _, c := range []prometheus.Collector{exposition.NewCollector(r.Devices), r.probe()} {
		if err := registry.Register(c); err != nil {
			return nil, err
		}
	}
	return registry, nil
}

// WriteMetrics writes all that the probe exports in Prometheus' text format.
func (r *Report) WriteMetrics(w io.Writer) error {
	registry, err := r.Metrics()
	if err != nil {
		return err
	}
	families, err := registry.Gather()
	if err != nil {
		return err
	}
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(w, family); err != nil {
			return err
		}
	}
	return nil
}

// probe is how the probe went, in the schema's terms.
func (r *Report) probe() exposition.Probe {
	p := exposition.Probe{
		Success:  r.Err == nil,
		Duration: r.Took,
		Cached:   r.Reading.Cached,
		Age:      r.Age,
	}
	for _, request := range r.Reading.Requests {
		p.Requests = append(p.Requests, exposition.ProbeRequest{
			Name: request.Name, Success: request.Err == nil, Duration: request.Duration,
		})
	}
	return p
}
