package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"power_exporter/cmd/powersim/powersentrixsim"
)

// Budgets of a scrape of /metrics with 10,000 devices that push.
const (
	maxScrapeCPU    = 2_000 // ms
	maxScrapeMemory = 350   // MB
)

// measurePushes measures /metrics when devices push.
func measurePushes(ctx context.Context, s settings) (report, error) {
	r := report{
		title:   "Scrapes of /metrics with UPSes that push. CPU is the exporter's.",
		columns: []string{"UPSes", "pushes per second", "CPU of a push ms", "RSS MB", "answer kB", "CPU of a scrape ms", "median ms", "RSS after scrapes MB"},
	}
	for _, n := range sizes(s.largest) {
		if n < 100 {
			continue
		}
		row, cpu, resident, err := ofPushes(ctx, s, n)
		if err != nil {
			return r, err
		}
		r.rows = append(r.rows, row)
		if n == 10_000 {
			r.budgets = []budget{
				{"CPU of a scrape of 10,000 UPSes that push", cpu, maxScrapeCPU, "ms"},
				{"resident memory after scrapes of 10,000 UPSes that push", resident, maxScrapeMemory, "MB"},
			}
		}
	}
	return r, nil
}

// ofPushes measures an exporter to which so many UPSes push.
func ofPushes(ctx context.Context, s settings, n int) (row []string, cpu, resident float64, err error) {
	e, err := start(ctx, s, fmt.Sprintf("receivers: {powersentrix: {companies: [{name: acme, id: %s}], max_devices: %d}}\n", powersentrixsim.SampleCompany, n))
	if err != nil {
		return nil, 0, 0, err
	}
	defer func() { err = errors.Join(err, e.stop()) }()
	fleet, err := powersentrixsim.NewFleet(powersentrixsim.FleetOptions{
		Push: powersentrixsim.PushOptions{Server: "http://" + e.push, Period: time.Millisecond, Retry: time.Second}, Size: n, Rounds: 1, AtOnce: true,
	})
	if err != nil {
		return nil, 0, 0, err
	}
	before, err := e.cpu()
	if err != nil {
		return nil, 0, 0, err
	}
	began := time.Now()
	fleet.Run(ctx)
	took := time.Since(began)
	after, err := e.cpu()
	if err != nil {
		return nil, 0, 0, err
	}
	pushes := 0
	for _, sent := range fleet.Stats().Sent {
		pushes += sent
	}
	begun, err := e.resident()
	if err != nil {
		return nil, 0, 0, err
	}
	size, err := e.get(ctx, "/metrics")
	if err != nil {
		return nil, 0, 0, err
	}
	l, err := e.inTurn(ctx, max(10, 20_000/n), "/metrics")
	if err != nil {
		return nil, 0, 0, err
	}
	resident, err = e.resident()
	return []string{
		count(n), fmt.Sprintf("%.0f", float64(pushes)/took.Seconds()), fmt.Sprintf("%.2f", (after-before).Seconds()*1e3/float64(pushes)), fmt.Sprintf("%.0f", begun),
		fmt.Sprintf("%.0f", float64(size)/1e3), fmt.Sprintf("%.0f", each(l)), fmt.Sprintf("%.0f", float64(l.quantile(0.5).Microseconds())/1e3), fmt.Sprintf("%.0f", resident),
	}, each(l), resident, err
}
