package main

import (
	"context"
	"fmt"
	"time"

	"power_exporter/bench/figures"
)

// row is what one contender needed on one link.
type row struct {
	rtt time.Duration
	contender
	figures.Summary
	repeated int // readings made again because the link was late
}

// race measures all contenders n times, in turns, so that what else the machine
// does meets all of them alike.
func (b *bench) race(ctx context.Context, n int) ([]row, error) {
	var processes [3]*process
	for i, start := range []func(context.Context) (*process, error){b.startExporter, b.startExporter, b.startJSONExporter} {
		p, err := start(ctx)
		if err != nil {
			return nil, err
		}
		defer p.stop()
		processes[i] = p
	}
	all, hangUp := b.contenders(processes[0], processes[1], processes[2])
	defer hangUp()
	for _, c := range all {
		if err := c.read(ctx); err != nil {
			return nil, fmt.Errorf("%s, %s: %w", c.server, c.name, err)
		}
	}
	samples, repeated := make([][]figures.Sample, len(all)), make([]int, len(all))
	for range n {
		for i, c := range all {
			s, again, err := b.measure(ctx, c, n)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", c.server, c.name, err)
			}
			samples[i] = append(samples[i], s)
			if repeated[i] += again; repeated[i] > figures.Patience*n {
				return nil, fmt.Errorf("%s, %s: %w", c.server, c.name, figures.TooBusy(repeated[i]))
			}
		}
	}
	rows := make([]row, len(all))
	for i, c := range all {
		rows[i] = row{2 * b.link.Delay(), c, figures.Summarise(samples[i]), repeated[i]}
	}
	return rows, nil
}

// measure lets a contender read until a reading counts, and says how many did
// not.
func (b *bench) measure(ctx context.Context, c contender, n int) (s figures.Sample, repeated int, err error) {
	for ; repeated <= figures.Patience*n; repeated++ {
		if c.prepare != nil {
			if err := c.prepare(ctx); err != nil {
				return figures.Sample{}, repeated, err
			}
		}
		if err := b.link.Quiet(ctx, figures.Settle); err != nil {
			return figures.Sample{}, repeated, err
		}
		s, err = figures.Once(ctx, b.link, figures.Settle, c.read)
		if err != nil || s.Late <= figures.Tolerance {
			return s, repeated, err
		}
	}
	return figures.Sample{}, repeated, figures.TooBusy(repeated)
}
