package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"power_exporter/bench/figures"
	"power_exporter/bench/wire"
)

// row is what one contender needed on one link.
type row struct {
	rtt  time.Duration
	name string
	figures.Summary
	repeated int // readings made again because the link was late
}

// measure lets a contender read until n readings count.
func measure(ctx context.Context, link *wire.Link, addr string, c contender, n int) (row, error) {
	var samples []figures.Sample
	made := 0
	for len(samples) < n {
		if made >= figures.Patience*n {
			return row{}, figures.TooBusy(made - len(samples))
		}
		rest := n - len(samples)
		if c.each {
			rest = 1
		}
		more, err := measureReader(ctx, link, addr, c, rest)
		if err != nil {
			return row{}, err
		}
		made += len(more)
		late := func(s figures.Sample) bool { return s.Late > figures.Tolerance }
		samples = append(samples, slices.DeleteFunc(more, late)...)
	}
	return row{2 * link.Delay(), c.name, figures.Summarise(samples), made - len(samples)}, nil
}

// measureReader measures one reader n times.
func measureReader(ctx context.Context, link *wire.Link, addr string, c contender, n int) (samples []figures.Sample, err error) {
	if err := link.Quiet(ctx, figures.Settle); err != nil {
		return nil, err
	}
	read, stop, err := c.start(ctx, addr)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	for i := range c.warm + n {
		s, err := figures.Once(ctx, link, c.pause, func(ctx context.Context) error { return read(ctx, addr) })
		if err != nil {
			return nil, err
		}
		if i >= c.warm {
			samples = append(samples, s)
		}
	}
	return samples, nil
}
