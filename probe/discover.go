package probe

import (
	"context"
	"fmt"
	"net/url"
	"runtime/debug"
	"sync"
	"time"
)

// discoverers is how many targets are probed at a time to find their devices,
// however many ask for it.
const discoverers = 32

// Discover makes the first probe of each of the named targets that was not
// probed yet, so that [Results.Devices] knows what is behind them. It returns
// when all of that is done, or the limit is over. Probes are begun in the first
// half of that time, so that each has the other half to succeed. It does not
// probe again what has failed: whoever scrapes the target does.
func (p *Prober) Discover(ctx context.Context, targets []string, limit time.Duration) {
	var unknown []string
	for _, name := range targets {
		if _, probed := p.results.Target(name); !probed {
			unknown = append(unknown, name)
		}
	}
	end := time.Now().Add(limit)
	beginning, cancel := context.WithTimeout(ctx, limit/2)
	defer cancel()
	queue := make(chan string)
	var all sync.WaitGroup
	for range min(discoverers, len(unknown)) {
		all.Go(func() {
			for name := range queue {
				p.discover(beginning, name, end)
			}
		})
	}
	for _, name := range unknown {
		select {
		case queue <- name:
		case <-beginning.Done():
		}
	}
	close(queue)
	all.Wait()
}

// discover sees to it that a target is probed once, whoever does it.
func (p *Prober) discover(beginning context.Context, name string, end time.Time) {
	for tried := false; !tried; {
		if _, probed := p.results.Target(name); probed || beginning.Err() != nil {
			return
		}
		_, _, _ = p.discoveries.Do(name, func() (any, error) {
			tried = true
			p.discoverNow(beginning, name, end)
			return nil, nil
		})
	}
}

// discoverNow makes one probe as soon as there is a place for it.
func (p *Prober) discoverNow(beginning context.Context, name string, end time.Time) {
	if err := p.discovering.Acquire(beginning, 1); err != nil {
		return // no time left, or nobody waits
	}
	defer p.discovering.Release(1)
	// A server would catch it, but this goroutine is our own.
	defer func() {
		if v := recover(); v != nil {
			p.self.Panicked()
			p.logger.Error("probe panicked", "target", name, "err", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	// What was begun is of use even if nobody waits for it any longer.
	ctx := context.WithoutCancel(beginning)
	_, _ = p.Probe(ctx, url.Values{"target": {name}}, time.Until(end), p.logger) // logged and recorded there
}
