package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"time"

	"power_exporter/bench/figures"
	"power_exporter/bench/pdu"
	"power_exporter/bench/wire"
	"power_exporter/collector"
	"power_exporter/power"
)

const (
	// frames is over how many frames their cost is measured, and framePeriod
	// how often one comes.
	frames      = 5
	framePeriod = 2 * time.Second
)

// row is what one kind of probe needed on one link; no time is a probe that was
// not made.
type row struct {
	rtt  time.Duration
	name string
	figures.Summary
	repeated int // probes made again because the link was late
}

// measure probes until n probes count.
func measure(ctx context.Context, link *wire.Link, base *url.URL, k kind, n int) (row, error) {
	pool := newPool()
	defer pool.Clear()
	if k.warm {
		if err := warm(ctx, pool, k.source(base), k.stream); err != nil {
			return row{}, err
		}
	}
	pause := figures.Settle
	if k.stream { // it is never quiet for long, and a probe of it sends nothing
		pause = 0
	}
	var samples []figures.Sample
	repeated := 0
	for len(samples) < n {
		if repeated > figures.Patience*n {
			return row{}, figures.TooBusy(repeated)
		}
		if !k.warm {
			pool.Clear()
		}
		if pause > 0 {
			if err := link.Quiet(ctx, pause); err != nil {
				return row{}, err
			}
		}
		s, err := figures.Once(ctx, link, pause, func(ctx context.Context) error { return probe(ctx, pool, k.source(base)) })
		switch {
		case err != nil:
			return row{}, err
		case s.Late > figures.Tolerance:
			repeated++
		default:
			samples = append(samples, s)
		}
	}
	return row{2 * link.Delay(), k.name, figures.Summarise(samples), repeated}, nil
}

// probe makes one probe.
func probe(ctx context.Context, pool *collector.Pool, source collector.Source) error {
	result := pool.Read(ctx, source, 10*time.Second, nil)
	if result.Err != nil || len(result.Devices) != 1 || len(result.Devices[0].Outlets) != pdu.Outlets {
		return fmt.Errorf("%d devices: %w", len(result.Devices), result.Err)
	}
	return nil
}

// warm makes a first probe, and waits until a stream answers.
func warm(ctx context.Context, pool *collector.Pool, source collector.Source, stream bool) error {
	for {
		result := pool.Read(ctx, source, 10*time.Second, nil)
		if result.Err != nil {
			return result.Err
		}
		if !stream || slices.ContainsFunc(result.Devices, func(d power.Device) bool { return d.Streamed == power.Boolean(true) }) {
			return nil
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// pause waits.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// measureFrames counts what a stream costs that nobody probes.
func measureFrames(ctx context.Context, link *wire.Link, base *url.URL) (row, error) {
	pool := newPool()
	defer pool.Clear()
	k := kind{name: "stream, each frame", stream: true}
	if err := warm(ctx, pool, k.source(base), true); err != nil {
		return row{}, err
	}
	// From the end of one frame to the end of another.
	if err := frameOver(ctx, link); err != nil {
		return row{}, err
	}
	link.Reset()
	if err := pause(ctx, (frames-1)*framePeriod+framePeriod/2); err != nil {
		return row{}, err
	}
	if err := frameOver(ctx, link); err != nil {
		return row{}, err
	}
	sum := figures.Summarise([]figures.Sample{{Count: link.Stats().Total()}})
	for _, n := range []*int{&sum.PacketsOut, &sum.PacketsIn, &sum.BytesOut, &sum.BytesIn} {
		*n /= frames
	}
	return row{rtt: 2 * link.Delay(), name: k.name, Summary: sum}, nil
}

// frameOver waits for the end of the next frame.
func frameOver(ctx context.Context, link *wire.Link) error {
	for before := link.Stats().Total().ToClient.Bytes; link.Stats().Total().ToClient.Bytes == before; {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return link.Quiet(ctx, figures.Settle)
}

// newPool is a pool that says nothing.
func newPool() *collector.Pool {
	return collector.NewPool(slog.New(slog.DiscardHandler), func() {})
}
