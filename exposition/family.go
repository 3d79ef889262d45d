package exposition

import (
	"github.com/prometheus/client_golang/prometheus"

	"power_exporter/power"
)

// metricType is the type of a family, as the exposition format spells it.
type metricType string

const (
	gauge     metricType = "gauge"
	counter   metricType = "counter"
	histogram metricType = "histogram"
)

// family is one metric family of the schema.
type family struct {
	name   string
	typ    metricType
	help   string
	labels labelNames
	desc   *prometheus.Desc
}

// newFamily declares a family. It is called for package-level tables only: a
// Desc made for each sample would cost half a scrape again.
func newFamily(typ metricType, name, help string, labels labelNames) *family {
	return &family{name, typ, help, labels, prometheus.NewDesc(name, help, labels, nil)}
}

// newGauge declares a family of readings that may go up and down.
func newGauge(name, help string, labels labelNames) *family {
	return newFamily(gauge, name, help, labels)
}

// newCounter declares a family of readings that only grow until they are reset.
func newCounter(name, help string, labels labelNames) *family {
	return newFamily(counter, name, help, labels)
}

// send exports one reading. An absent one is not exported: never 0, never NaN.
func (f *family) send(ch chan<- prometheus.Metric, labels labelPairs, v power.Value) {
	if value, ok := v.Get(); ok {
		ch <- &sample{f, labels, value}
	}
}

// sendInfo exports an info sample of one point unless all there is to say of it
// is its id and name, which every other family of the point carries already.
func (f *family) sendInfo(ch chan<- prometheus.Metric, device, id, name string, described ...string) {
	for _, text := range described {
		if text != "" {
			f.send(ch, f.labels.with(append([]string{device, id, name}, described...)...), power.Boolean(true))
			return
		}
	}
}

// reading is a family that exports one field of a P.
type reading[P any] struct {
	*family
	of func(*P) power.Value
}

// sendAll exports what is present of one P. All families of the table have the
// labels' names.
func sendAll[P any](ch chan<- prometheus.Metric, table []reading[P], labels labelPairs, p *P) {
	for i := range table {
		table[i].send(ch, labels, table[i].of(p))
	}
}

// families are the families of a table, in its order.
func families[P any](table []reading[P]) []*family {
	all := make([]*family, len(table))
	for i := range table {
		all[i] = table[i].family
	}
	return all
}
