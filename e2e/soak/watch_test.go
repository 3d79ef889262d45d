package soak

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// sample is what the exporter says of itself at one time.
type sample struct {
	at                                time.Duration // since the load began
	resident, heap, goroutines, files float64       // heap is after a garbage collection
}

// watched is what was seen on /metrics.
type watched struct {
	mu       sync.Mutex
	counters map[string]float64
	samples  []sample
	compared int
}

// watch asks for /metrics until loading ends, each time after a garbage
// collection.
func (l *load) watch(ctx, loading context.Context) {
	begun := time.Now()
	every(loading, max(*soakTime/60, 500*time.Millisecond), func() {
		if _, ok := l.get(ctx, "/debug/pprof/heap?gc=1", nil, http.StatusOK); !ok {
			return
		}
		if p, ok := l.metrics(ctx); ok {
			l.watched.samples = append(l.watched.samples, sample{
				time.Since(begun), p.number("process_resident_memory_bytes"), p.number("go_memstats_heap_alloc_bytes"),
				p.number("go_goroutines"), p.number("process_open_fds"),
			})
		}
	})
}

// metrics gets /metrics, and compares the counters with those of the last time.
func (l *load) metrics(ctx context.Context) (page, bool) {
	l.watched.mu.Lock()
	defer l.watched.mu.Unlock()
	p, ok := l.get(ctx, "/metrics", nil, http.StatusOK)
	if !ok {
		return p, false
	}
	now, err := counters(p.body)
	if err != nil {
		l.problems.add("/metrics cannot be read", "%v", err)
		return p, false
	}
	for series, was := range l.watched.counters {
		switch is, ok := now[series]; {
		case !ok:
			l.problems.add("a counter of /metrics is gone", "%s was %g", series, was)
		case is < was:
			l.problems.add("a counter of /metrics went down", "%s was %g and is %g", series, was, is)
		}
	}
	l.watched.counters = now
	l.watched.compared += len(now)
	return p, true
}

// counters are the values of all counters, those of histograms included, by
// series.
func counters(text string) (map[string]float64, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	found := map[string]float64{}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			series := name + labels(m)
			switch family.GetType() {
			case dto.MetricType_COUNTER:
				found[series] = m.GetCounter().GetValue()
			case dto.MetricType_HISTOGRAM:
				h := m.GetHistogram()
				found[series+" count"] = float64(h.GetSampleCount())
				found[series+" sum"] = h.GetSampleSum()
				for _, b := range h.GetBucket() {
					found[fmt.Sprint(series, " le ", b.GetUpperBound())] = float64(b.GetCumulativeCount())
				}
			default:
			}
		}
	}
	return found, nil
}

// labels are those of a metric in their order.
func labels(m *dto.Metric) string {
	var pairs []string
	for _, l := range m.GetLabel() {
		pairs = append(pairs, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
	}
	slices.Sort(pairs)
	return "{" + strings.Join(pairs, ",") + "}"
}

// events are the values of power_events_total on /metrics, by device and code.
func events(text string) (map[string]int, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	found := map[string]int{}
	for _, m := range families["power_events_total"].GetMetric() {
		named := map[string]string{}
		for _, l := range m.GetLabel() {
			named[l.GetName()] = l.GetValue()
		}
		found[named["device"]+" "+named["code"]] += int(m.GetCounter().GetValue())
	}
	return found, nil
}

// thirds are the samples of each third of the load.
func (w *watched) thirds() (thirds [3][]sample) {
	for i := range thirds {
		thirds[i] = w.samples[len(w.samples)*i/3 : len(w.samples)*(i+1)/3]
	}
	return thirds
}

// median is that of one value of some samples.
func median(samples []sample, value func(sample) float64) float64 {
	return quantile(values(samples, value), .5)
}

// least is the lowest of one value of some samples.
func least(samples []sample, value func(sample) float64) float64 {
	return quantile(values(samples, value), 0)
}

// values are one value of some samples.
func values(samples []sample, value func(sample) float64) (all []float64) {
	for _, s := range samples {
		all = append(all, value(s))
	}
	return all
}
