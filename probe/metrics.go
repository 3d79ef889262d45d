package probe

import (
	"errors"
	"io"

	"power_exporter/collector"
	"power_exporter/exposition"
)

// WriteMetrics writes all that the probe exports in Prometheus' text format.
func (r *Report) WriteMetrics(w io.Writer) error {
	return exposition.WriteText(w, r.Devices, r.probe())
}

// probe is how the probe went, in the schema's terms.
func (r *Report) probe() exposition.Probe {
	p := exposition.Probe{
		Success:  r.Err == nil,
		Refused:  errors.Is(r.Err, collector.ErrRefused),
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
