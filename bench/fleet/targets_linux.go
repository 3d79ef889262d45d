package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// maxResident is the resident memory in MB that 10,000 targets may take when
// nothing is asked.
const maxResident = 100

// few is how many probes are made at a time: fewer than there are targets, since
// probes of one target at the same time share a reading.
const few = 8

// measureTargets measures what targets cost that each are one small UPS.
func measureTargets(ctx context.Context, s settings) (report, error) {
	r := report{
		title:   "Targets, each a small UPS of a NUT server of its own. CPU is the exporter's.",
		columns: []string{"targets", "start ms", "RSS after start MB", "/sd kB", "CPU of /sd ms", "CPU of /sd?devices=true ms", "CPU of a probe ms", "RSS after a probe of each MB", "RSS idle MB"},
	}
	port, stop, err := smallUPS(ctx)
	if err != nil {
		return r, err
	}
	var perTarget []float64
	for _, n := range sizes(s.largest) {
		row, figures, err := ofTargets(ctx, s, n, port)
		if err != nil {
			return r, errors.Join(err, stop())
		}
		r.rows = append(r.rows, row)
		perTarget = append(perTarget, figures.probe)
		if n == 10_000 {
			r.budgets = append(r.budgets, budget{"resident memory with 10,000 idle targets", figures.idle, maxResident, "MB"})
		}
	}
	if n := len(perTarget); n > 1 {
		r.budgets = append(r.budgets, budget{"CPU of a probe with the most targets, compared with that of the fewest", perTarget[n-1] / perTarget[0], 1.5, "times"})
	}
	return r, stop()
}

// ofTarget is what a number of targets costs.
type ofTarget struct{ probe, idle float64 }

// ofTargets measures an exporter with so many targets.
func ofTargets(ctx context.Context, s settings, n, port int) (row []string, figures ofTarget, err error) {
	e, err := start(ctx, s, targets(n, port))
	if err != nil {
		return nil, figures, err
	}
	defer func() { err = errors.Join(err, e.stop()) }()
	begun, err := e.resident()
	if err != nil {
		return nil, figures, err
	}
	lists := max(100, 50_000/n)
	size, err := e.get(ctx, "/sd")
	if err != nil {
		return nil, figures, err
	}
	listed, err := e.inTurn(ctx, lists, "/sd")
	if err != nil {
		return nil, figures, err
	}
	probed, err := e.request(ctx, max(n, 5_000), few, 0, func(i int) string { return probe(i % n) })
	if err != nil {
		return nil, figures, err
	}
	full, err := e.resident()
	if err != nil {
		return nil, figures, err
	}
	devices, err := e.inTurn(ctx, lists, "/sd?devices=true")
	if err != nil {
		return nil, figures, err
	}
	if figures.idle, err = e.idle(ctx, s.idle); err != nil {
		return nil, figures, err
	}
	figures.probe = each(probed)
	return []string{
		count(n), fmt.Sprintf("%.0f", e.started.Seconds()*1e3), fmt.Sprintf("%.0f", begun), fmt.Sprintf("%.1f", float64(size)/1e3),
		fmt.Sprintf("%.2f", each(listed)), fmt.Sprintf("%.2f", each(devices)), fmt.Sprintf("%.2f", figures.probe),
		fmt.Sprintf("%.0f", full), fmt.Sprintf("%.0f", figures.idle),
	}, figures, nil
}

// each is the exporter's processor time of one request, in ms.
func each(l load) float64 {
	return float64(l.cpu) / float64(time.Millisecond) / float64(len(l.latencies))
}
