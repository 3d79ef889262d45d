package cloudtrax

import (
	"context"
	"slices"
	"sync"

	"power_exporter/collector"
	"power_exporter/internal/rest"
)

// outcome is what became of a strip of the list.
type outcome struct {
	wanted bool // its object is to be read
	asked  bool
	object object
	err    error
}

// ask reads the objects of those strips that are up, some at a time, and no more
// once the time is over or nobody takes connections. Those that were read longest
// ago come first, so that a service which allows only some of them hands out all
// in turn. The outcomes are in the order of the list.
func (c *Collector) ask(ctx context.Context, strips []strip) []outcome {
	outcomes := make([]outcome, len(strips))
	var order []int
	for i := range strips {
		outcomes[i].wanted = c.options.Ports && strips[i].up()
		if outcomes[i].wanted {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return c.own[strips[a].ID.String()].at.Compare(c.own[strips[b].ID.String()].at)
	})

	var mu sync.Mutex
	next, stop := 0, false
	take := func() *int {
		mu.Lock()
		defer mu.Unlock()
		if stop || next == len(order) {
			return nil
		}
		next++
		return &order[next-1]
	}
	var all sync.WaitGroup
	for range min(c.options.MaxConcurrency, len(order)) {
		all.Go(func() {
			for i := take(); i != nil; i = take() {
				o := &outcomes[*i]
				o.err = collector.Guard(ctx, func() (err error) {
					o.object, err = c.client.object(ctx, &strips[*i])
					return err
				})
				o.asked = true
				if ctx.Err() != nil || rest.Unreachable(o.err) {
					mu.Lock()
					stop = true
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	return outcomes
}
