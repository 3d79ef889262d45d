package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"time"

	"power_exporter/bench/wire"
	"power_exporter/collector"
	"power_exporter/power"
)

const (
	// settle is long enough for a delayed ACK (40 ms) and the end of a
	// connection, so that all packets of a probe are counted.
	settle = 60 * time.Millisecond

	// tolerance is how late the link may be in a probe that counts, and
	// patience how many probes may be made for each that does.
	tolerance = time.Millisecond
	patience  = 10

	// frames is over how many frames their cost is measured, and framePeriod
	// how often one comes.
	frames      = 5
	framePeriod = 2 * time.Second
)

// sample is one probe.
type sample struct {
	took     time.Duration
	requests int
	count    wire.Count
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
	var samples []sample
	repeated := 0
	for len(samples) < n {
		if repeated > patience*n {
			return row{}, fmt.Errorf("the link was more than %v late in %d probes: the machine is too busy", tolerance, repeated)
		}
		if !k.warm {
			pool.Clear()
		}
		if !k.stream { // a stream is never quiet for long, and a probe of it sends nothing
			if err := link.Quiet(ctx, settle); err != nil {
				return row{}, err
			}
		}
		s, late, err := probe(ctx, link, pool, k.source(base), !k.stream)
		switch {
		case err != nil:
			return row{}, err
		case late > tolerance:
			repeated++
		default:
			samples = append(samples, s)
		}
	}
	return summarise(2*link.Delay(), k.name, samples, repeated), nil
}

// probe makes one probe, and says how late the link was.
func probe(ctx context.Context, link *wire.Link, pool *collector.Pool, source collector.Source, wait bool) (sample, time.Duration, error) {
	link.Reset()
	begun := time.Now()
	result := pool.Read(ctx, source, 10*time.Second, nil)
	took := time.Since(begun)
	if result.Err != nil || len(result.Devices) != 1 || len(result.Devices[0].Outlets) != 36 {
		return sample{}, 0, fmt.Errorf("%d devices: %w", len(result.Devices), result.Err)
	}
	if wait {
		if err := link.Quiet(ctx, settle); err != nil {
			return sample{}, 0, err
		}
	}
	stats := link.Stats()
	if stats.Dropped > 0 {
		return sample{}, 0, fmt.Errorf("the link dropped %d packets", stats.Dropped)
	}
	return sample{took, len(result.Requests), stats.Total()}, stats.Late, nil
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
	r := summarise(2*link.Delay(), k.name, []sample{{count: link.Stats().Total()}}, 0)
	for _, n := range []*int{&r.packetsOut, &r.packetsIn, &r.bytesOut, &r.bytesIn} {
		*n /= frames
	}
	return r, nil
}

// frameOver waits for the end of the next frame.
func frameOver(ctx context.Context, link *wire.Link) error {
	for before := link.Stats().Total().ToClient.Bytes; link.Stats().Total().ToClient.Bytes == before; {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
	return link.Quiet(ctx, settle)
}

// newPool is a pool that says nothing.
func newPool() *collector.Pool {
	return collector.NewPool(slog.New(slog.DiscardHandler), func() {})
}
