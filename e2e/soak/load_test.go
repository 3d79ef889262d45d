package soak

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// load is all that is done to an exporter at the same time.
type load struct {
	*site
	*exporter

	seed    uint64
	company string        // what UPSes push with
	period  time.Duration // of scrapes and pushes: a minute of the hour
	pushes  *pushes

	counts  counts
	watched watched
}

// random is a source of what is random for one of those who act.
func (l *load) random(actor uint64) *rand.Rand { return rand.New(rand.NewPCG(l.seed, actor)) }

// run puts the load on the exporter for the given time, and returns when
// nobody does anything any more and nothing misbehaves.
func (l *load) run(ctx context.Context, lasts time.Duration) {
	loading, stop := context.WithTimeout(ctx, lasts)
	defer stop()
	var all sync.WaitGroup
	all.Go(func() { l.counts.troubles = l.makeTrouble(loading, l.random(1)) })
	all.Go(func() { l.probeAll(ctx, loading, l.random(2)) })
	all.Go(func() { l.reloadAll(loading, l.random(3)) })
	all.Go(func() { l.watch(ctx, loading) })
	all.Go(func() { l.pushes.run(ctx, loading) })
	for i := range uint64(4) {
		all.Go(func() { l.browse(ctx, loading, l.random(10+i)) })
	}
	all.Wait()
}

// every calls f each so often until ctx ends. What takes longer is not made up
// for.
func every(ctx context.Context, interval time.Duration, f func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			f()
		case <-ctx.Done():
			return
		}
	}
}

// spaced calls f again and again until ctx ends, with a pause before each.
func spaced(ctx context.Context, pause time.Duration, f func()) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			f()
			timer.Reset(pause)
		case <-ctx.Done():
			return
		}
	}
}
