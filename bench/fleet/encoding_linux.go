package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"power_exporter/bench/fleet/large"
	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/exposition"
	"power_exporter/internal/synlink"
	"power_exporter/power"
)

// measureEncoding measures what a PDU with 48 outlets costs from the bytes that
// it answers to the text of the scrape, and what the same would cost with a
// collector as client_golang makes it easiest: a Desc for each sample, into
// promhttp. All write the same text.
func measureEncoding(ctx context.Context, _ settings) (report, error) {
	const outlets, most = 48, 0.5
	r := report{
		title:   fmt.Sprintf("A SynLink PDU with %d outlets, from the bytes of its answers to the text. CPU is that of this process, of one probe.", outlets),
		columns: []string{"text by", "decoding and mapping µs", "text µs", "together µs"},
	}
	model, err := large.SynLink(outlets)
	if err != nil {
		return r, err
	}
	devices, err := decoded(model)
	if err != nil {
		return r, err
	}
	decoding, err := cpuOfEach(func() error {
		_, err := decoded(model)
		return err
	})
	if err != nil {
		return r, err
	}
	naive, err := newDescs(devices)
	if err != nil {
		return r, err
	}
	var together []time.Duration
	for _, kind := range []struct {
		name  string
		write func() error
	}{
		{"the exporter", scrape(ctx, exporterText(devices))},
		{"client_golang, a Desc for each family", scrape(ctx, libraryText(exposition.NewCollector(devices)))},
		{"client_golang, a Desc for each sample", scrape(ctx, libraryText(naive))},
	} {
		text, err := cpuOfEach(kind.write)
		if err != nil {
			return r, err
		}
		together = append(together, decoding+text)
		r.rows = append(r.rows, []string{kind.name, micros(decoding), micros(text), micros(decoding + text)})
	}
	r.budgets = []budget{{
		"CPU of the exporter, compared with that with a Desc for each sample", together[0].Seconds() / together[2].Seconds(), most, "times",
	}}
	return r, nil
}

// micros is a time in µs.
func micros(d time.Duration) string { return strconv.FormatInt(d.Microseconds(), 10) }

// decoded is the device that a model's answers tell of.
func decoded(model synlinksim.Model) ([]power.Device, error) {
	var readings synlink.Readings
	for _, endpoint := range slices.Sorted(maps.Keys(model.Replies)) {
		switch endpoint {
		case "device", "inlets", "banks", "outlets", "sensors", "groups", "events":
			if err := readings.Answer(endpoint, model.Replies[endpoint]); err != nil {
				return nil, err
			}
		}
	}
	devices := []power.Device{readings.Device()}
	power.Validate(devices)
	return devices, nil
}

// cpuOfEach is the processor time of one call, of many: collecting what they
// leave behind is a part of it.
func cpuOfEach(call func() error) (time.Duration, error) {
	const least = 2 * time.Second
	runtime.GC()
	before, err := cpuOf("self")
	if err != nil {
		return 0, err
	}
	for n := 0; ; n += 100 {
		now, err := cpuOf("self")
		if err != nil {
			return 0, err
		}
		if now-before >= least {
			return (now - before) / time.Duration(n), nil
		}
		for range 100 {
			if err := call(); err != nil {
				return 0, err
			}
		}
	}
}

// scrape makes a scrape of a handler.
func scrape(ctx context.Context, handler http.Handler) func() error {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/probe", nil)
	return func() error {
		w := discarded{http.Header{}}
		if handler.ServeHTTP(w, r); w.header.Get("Content-Type") == "" {
			return errors.New("the scrape was not answered")
		}
		return nil
	}
}

// discarded is an answer that nobody reads.
type discarded struct{ header http.Header }

// Header implements [http.ResponseWriter].
func (d discarded) Header() http.Header { return d.header }

// WriteHeader implements [http.ResponseWriter].
func (discarded) WriteHeader(int) {}

// Write implements [http.ResponseWriter].
func (discarded) Write(p []byte) (int, error) { return len(p), nil }

// exporterText answers scrapes as the exporter does.
func exporterText(devices []power.Device) http.Handler {
	answerer := exposition.NewAnswerer(nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answerer.Answer(w, r, devices, exposition.Probe{})
	})
}

// libraryText lets promhttp answer scrapes of a collector, and of a probe.
func libraryText(c prometheus.Collector) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		registry := prometheus.NewRegistry()
		registry.MustRegister(c, exposition.Probe{})
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
}

// descs is a collector as many are written: for each sample it makes a Desc.
type descs []described

// described is one sample.
type described struct {
	name, help    string
	kind          prometheus.ValueType
	value         float64
	names, values []string
}

// newDescs is a collector of the samples that devices have.
func newDescs(devices []power.Device) (descs, error) {
	registry := prometheus.NewRegistry()
	if err := registry.Register(exposition.NewCollector(devices)); err != nil {
		return nil, err
	}
	families, err := registry.Gather()
	if err != nil {
		return nil, err
	}
	var all descs
	for _, f := range families {
		for _, m := range f.GetMetric() {
			d := described{name: f.GetName(), help: f.GetHelp(), kind: prometheus.GaugeValue, value: m.GetGauge().GetValue()}
			if c := m.GetCounter(); c != nil {
				d.kind, d.value = prometheus.CounterValue, c.GetValue()
			}
			for _, l := range m.GetLabel() {
				d.names, d.values = append(d.names, l.GetName()), append(d.values, l.GetValue())
			}
			all = append(all, d)
		}
	}
	return all, nil
}

// Describe implements [prometheus.Collector].
func (descs) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (d descs) Collect(ch chan<- prometheus.Metric) {
	for i := range d {
		s := &d[i]
		ch <- prometheus.MustNewConstMetric(prometheus.NewDesc(s.name, s.help, s.names, nil), s.kind, s.value, s.values...)
	}
}
