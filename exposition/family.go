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
	order  []int    // of the labels when they are sorted by name
	head   string   // what stands before the samples in the text format
	before []string // what stands before each label in that order, and before the value
}

// newFamily declares a family. It is called for package-level tables only: a
// Desc made for each sample would cost half a scrape again.
func newFamily(typ metricType, name, help string, labels labelNames) *family {
	f := &family{name: name, typ: typ, help: help, labels: labels, desc: prometheus.NewDesc(name, help, labels, nil), order: labels.byName()}
	f.head, f.before = f.text()
	return f
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
func (f *family) send(out sink, labels labelValues, v power.Value) {
	if value, ok := v.Get(); ok {
		out.add(f, sample{labels, value})
	}
}

// sendInfo exports an info sample of one point unless all there is to say of it
// is its id and name, which every other family of the point carries already.
func (f *family) sendInfo(out sink, device, id, name string, described ...string) {
	for _, text := range described {
		if text != "" {
			f.send(out, append(labelValues{device, id, name}, described...), power.Boolean(true))
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
func sendAll[P any](out sink, table []reading[P], labels labelValues, p *P) {
	for i := range table {
		table[i].send(out, labels, table[i].of(p))
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
