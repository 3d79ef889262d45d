package soak

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// probers is how many probes of the load are under way at most.
	probers = 16
	// shortScrape is Prometheus' scrape timeout of targets that may misbehave.
	shortScrape = "5"
)

// probeAll probes each target once a period, in another order each time, until
// loading ends. It returns when the last probe has.
func (l *load) probeAll(ctx, loading context.Context, r *rand.Rand) {
	queue := make(chan *device)
	var workers sync.WaitGroup
	for range probers {
		workers.Go(func() {
			for d := range queue {
				l.probe(ctx, d)
			}
		})
	}
	order := slices.Clone(l.devices)
	next := len(order)
	every(loading, l.period/time.Duration(len(order)), func() {
		if next == len(order) {
			next = 0
			r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		queue <- order[next]
		next++
	})
	close(queue)
	workers.Wait()
}

// probe probes a target, unless that is still being done.
func (l *load) probe(ctx context.Context, d *device) {
	if !d.probing.TryLock() {
		l.counts.skip()
		return
	}
	defer d.probing.Unlock()
	header, statuses := http.Header{}, []int{http.StatusOK}
	if d.role != steady {
		header.Set("X-Prometheus-Scrape-Timeout-Seconds", shortScrape)
	}
	if d.role == coming {
		statuses = append(statuses, http.StatusBadRequest)
	}
	p, ok := l.get(ctx, "/probe?target="+url.QueryEscape(d.name), header, statuses...)
	if !ok || p.status != http.StatusOK {
		l.counts.refuse()
		return
	}
	l.counts.probed(d, p)
	if d.role == steady && !p.succeeded() {
		l.problems.add("a target that is well failed", "%s, a %s, after %s", d.name, d.kind, p.took)
	}
	if d.alone && d.role != coming {
		l.compare(d, p)
	}
}

// compare holds a device's counters to those of the probe before.
func (l *load) compare(d *device, p page) {
	now := energies(p)
	for series, was := range d.energies {
		if is, ok := now[series]; ok {
			l.counts.compare()
			if is < was {
				l.problems.add("a counter of a target went down", "%s: %s was %g and is %g", d.name, series, was, is)
			}
		}
	}
	d.energies = now
}

// energies are the counters of a probe but for those of events, which begin anew
// after a reload.
func energies(p page) map[string]float64 {
	found := map[string]float64{}
	for line := range strings.Lines(p.body) {
		series, text, ok := cutLast(strings.TrimSuffix(line, "\n"), ' ')
		name, _, _ := strings.Cut(series, "{")
		if !ok || !strings.HasSuffix(name, "_total") || name == "power_events_total" {
			continue
		}
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			found[series] = value
		}
	}
	return found
}

// cutLast cuts a text at the last of the separators.
func cutLast(text string, separator byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+1:], true
}
