package exposition

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// channel is a sink that hands samples to client_golang.
type channel struct {
	metrics chan<- prometheus.Metric
	// The labels of the sample before: all samples of a point share them.
	values labelValues
	pairs  []*dto.LabelPair
}

// add implements sink.
func (c *channel) add(f *family, s sample) {
	if len(s.labels) == 0 || len(c.values) == 0 || &s.labels[0] != &c.values[0] {
		c.values, c.pairs = s.labels, f.pairs(s.labels)
	}
	c.metrics <- &metric{f, c.pairs, s.value}
}

// pairs are the labels as client_golang has them, sorted by name.
func (f *family) pairs(values labelValues) []*dto.LabelPair {
	made := make([]dto.LabelPair, len(values))
	pairs := make([]*dto.LabelPair, len(values))
	for to, from := range f.order {
		made[to].Name, made[to].Value = &f.labels[from], &values[from]
		pairs[to] = &made[to]
	}
	return pairs
}

// metric does what the library's constant metric does, except that it shares
// its labels with the other samples of the same point.
type metric struct {
	family *family
	labels []*dto.LabelPair
	value  float64
}

// Desc implements [prometheus.Metric].
func (m *metric) Desc() *prometheus.Desc { return m.family.desc }

// Write implements [prometheus.Metric].
func (m *metric) Write(out *dto.Metric) error {
	out.Label = m.labels
	if m.family.typ == counter {
		out.Counter = &dto.Counter{Value: &m.value}
	} else {
		out.Gauge = &dto.Gauge{Value: &m.value}
	}
	return nil
}
