package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// workers is how many requests are under way at most.
const workers = 64

// load is what came of many requests.
type load struct {
	took      time.Duration
	cpu       time.Duration // of the exporter
	own       time.Duration // of this process
	latencies []time.Duration
}

// quantile is the latency that so large a part of the requests did not exceed.
func (l *load) quantile(q float64) time.Duration {
	return l.latencies[min(int(q*float64(len(l.latencies))), len(l.latencies)-1)]
}

// inTurn makes n requests, one after the other.
func (e *exporter) inTurn(ctx context.Context, n int, path string) (load, error) {
	return e.request(ctx, n, 1, 0, func(int) string { return path })
}

// request makes n requests, at most so many at a time, and so many per second or
// as fast as they can be made if the rate is 0. A latency is from when the
// request was due, so that one that is slow does not hide those behind it.
func (e *exporter) request(ctx context.Context, n, atATime, rate int, path func(i int) string) (l load, err error) {
	before, err := e.usage()
	if err != nil {
		return l, err
	}
	l.latencies = make([]time.Duration, n)
	began := time.Now()
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	for range min(atATime, n) {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || failed.Load() != nil {
					return
				}
				due := time.Now()
				if rate > 0 {
					due = began.Add(time.Duration(i) * time.Second / time.Duration(rate))
					if early := time.Until(due); early > 0 {
						<-time.After(early)
					}
				}
				if _, err := e.get(ctx, path(i)); err != nil {
					failed.Store(&err)
					return
				}
				l.latencies[i] = time.Since(due)
			}
		})
	}
	all.Wait()
	l.took = time.Since(began)
	if err := failed.Load(); err != nil {
		return l, fmt.Errorf("of %d requests one failed: %w", n, *err)
	}
	slices.Sort(l.latencies)
	after, err := e.usage()
	l.cpu, l.own = after[0]-before[0], after[1]-before[1]
	return l, err
}

// usage is the processor time of the exporter and of this process.
func (e *exporter) usage() (times [2]time.Duration, err error) {
	of, err := e.cpu()
	own, ownErr := cpuOf("self")
	return [2]time.Duration{of, own}, errors.Join(err, ownErr)
}
