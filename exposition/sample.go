package exposition

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// sample is one reading on its way to the scraper. It does what the library's
// constant metric does, except that it shares its labels with the other samples
// of the same point.
type sample struct {
	family *family
	labels labelPairs
	value  float64
}

// Desc implements [prometheus.Metric].
func (s *sample) Desc() *prometheus.Desc { return s.family.desc }

// Write implements [prometheus.Metric].
func (s *sample) Write(m *dto.Metric) error {
	m.Label = s.labels
	if s.family.typ == counter {
		m.Counter = &dto.Counter{Value: &s.value}
	} else {
		m.Gauge = &dto.Gauge{Value: &s.value}
	}
	return nil
}
