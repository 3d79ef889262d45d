package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"power_exporter/bench/wire"
)

const (
	// tolerance is how late the link may be in a reading that counts.
	tolerance = time.Millisecond

	// patience is how many readings may be made for each that counts.
	patience = 10
)

// sample is one reading.
type sample struct {
	took  time.Duration
	count wire.Count
	late  time.Duration // the most that the link was
}

// measure lets a contender read until n readings count.
func measure(ctx context.Context, link *wire.Link, addr string, c contender, n int) (row, error) {
	var samples []sample
	made := 0
	for len(samples) < n {
		if made >= patience*n {
			return row{}, fmt.Errorf("the link was more than %v late in %d of %d readings: the machine is too busy",
				tolerance, made-len(samples), made)
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
		late := func(s sample) bool { return s.late > tolerance }
		samples = append(samples, slices.DeleteFunc(more, late)...)
	}
	r := summarise(2*link.Delay(), c.name, samples)
	r.repeated = made - len(samples)
	return r, nil
}

// measureReader measures one reader n times.
func measureReader(ctx context.Context, link *wire.Link, addr string, c contender, n int) (samples []sample, err error) {
	if err := link.Quiet(ctx, settle); err != nil {
		return nil, err
	}
	read, stop, err := c.start(ctx, addr)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	for i := range c.warm + n {
		s, err := measureOnce(ctx, link, addr, read, c.pause)
		if err != nil {
			return nil, err
		}
		if i >= c.warm {
			samples = append(samples, s)
		}
	}
	return samples, nil
}

// measureOnce measures one reading, and waits until the link is quiet. Without
// a pause the last ACKs of a reading count with the next.
func measureOnce(ctx context.Context, link *wire.Link, addr string, read Reader, pause time.Duration) (sample, error) {
	link.Reset()
	start := time.Now()
	if err := read(ctx, addr); err != nil {
		return sample{}, err
	}
	took := time.Since(start)
	if pause > 0 {
		if err := link.Quiet(ctx, pause); err != nil {
			return sample{}, err
		}
	}
	stats := link.Stats()
	if stats.Dropped > 0 {
		return sample{}, fmt.Errorf("the link dropped %d packets", stats.Dropped)
	}
	return sample{took: took, count: stats.Total(), late: stats.Late}, nil
}
