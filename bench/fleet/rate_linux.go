package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// measureRate measures probes of small UPSes at a rate.
func measureRate(ctx context.Context, s settings) (report, error) {
	const fleet = 1_000
	n := s.rate * int(s.lasting/time.Second)
	r := report{
		title: fmt.Sprintf("Probes of %s small UPSes for %v, due at %s per second, on %d CPUs that also play the UPSes and make the load.",
			count(fleet), s.lasting, count(s.rate), runtime.NumCPU()),
		columns: []string{"probes per second", "median ms", "p95 ms", "p99 ms", "CPU of the exporter", "of UPSes and load", "CPU of a probe ms", "RSS MB"},
	}
	port, stop, err := smallUPS(ctx)
	if err != nil {
		return r, err
	}
	defer func() { _ = stop() }()
	e, err := start(ctx, s, targets(fleet, port))
	if err != nil {
		return r, err
	}
	path := func(i int) string { return probe(i % fleet) }
	if _, err = e.request(ctx, fleet, workers, 0, path); err != nil {
		return r, errors.Join(err, e.stop())
	}
	l, err := e.request(ctx, n, workers, s.rate, path)
	if err != nil {
		return r, errors.Join(err, e.stop())
	}
	resident, err := e.resident()
	if err != nil {
		return r, errors.Join(err, e.stop())
	}
	achieved := float64(n) / l.took.Seconds()
	share := func(of time.Duration) string { return fmt.Sprintf("%.0f %%", 100*of.Seconds()/l.took.Seconds()) }
	ms := func(q float64) string { return fmt.Sprintf("%.1f", float64(l.quantile(q).Microseconds())/1e3) }
	r.rows = [][]string{{
		fmt.Sprintf("%.0f", achieved), ms(0.5), ms(0.95), ms(0.99), share(l.cpu), share(l.own), fmt.Sprintf("%.2f", each(l)), fmt.Sprintf("%.0f", resident),
	}}
	r.budgets = []budget{
		{"time for the probes, compared with that in which they were due", l.took.Seconds() / (float64(n) / float64(s.rate)), 1.02, "times"},
		{"CPU of the exporter, of which one processor is 100 %", 100 * l.cpu.Seconds() / l.took.Seconds(), 100, "%"},
	}
	return r, e.stop()
}
