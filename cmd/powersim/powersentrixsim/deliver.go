package powersentrixsim

import (
	"context"
	"time"
)

// queued is what is repeated until it is acknowledged.
type queued struct {
	attempt
	record record // of setUpsLog
	body   []byte
}

// attempt tells the repetition of something from something else.
type attempt struct {
	what       string
	ord        int // of a record
	generation int
}

// next is the setNewUps, or the oldest record that is not acknowledged.
func (p *Pusher) next() (queued, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.registered {
		return queued{attempt: attempt{setNewUPS, 0, p.generation}, body: p.device.identity()}, true
	}
	r, ok := p.device.oldest(p.done.Ord)
	return queued{attempt{setUPSLog, r.ord, p.generation}, r, r.body}, ok
}

// deliver sends what is next, and sets the time of its repetition if it must be.
func (p *Pusher) deliver(ctx context.Context, m queued) {
	if m.attempt == p.tried {
		p.counts.Add(func(st *PushStats) { st.Repeated++ })
	}
	p.tried = m.attempt
	if p.send(ctx, m.what, m.body) {
		p.backoff, p.retryAt = 0, time.Time{}
		p.acknowledge(m)
		return
	}
	p.backoff = min(max(2*p.backoff, p.options.Retry), p.options.MaxRetry)
	p.retryAt = time.Now().Add(p.backoff)
}

// acknowledge records that something was acknowledged. A factory reset may have
// come meanwhile: the server has it all the same.
func (p *Pusher) acknowledge(m queued) {
	p.mu.Lock()
	defer p.mu.Unlock()
	current := m.generation == p.generation
	if m.what == setNewUPS {
		p.done.Registrations++
		p.registered = p.registered || current
		return
	}
	p.done.Events[m.record.code]++
	if current {
		p.done.Ord = m.record.ord
	}
}

// pushData sends a setUpsData and sets the time of the next one.
func (p *Pusher) pushData(ctx context.Context, now time.Time) {
	p.mu.Lock()
	p.pushes++
	n := p.pushes
	body := p.device.status(n)
	p.mu.Unlock()
	if p.send(ctx, setUPSData, body) {
		p.mu.Lock()
		p.done.Data++
		p.done.LastData = n
		p.mu.Unlock()
	}
	p.dataAt = p.dataAt.Add(p.options.Period)
	if late := now.Sub(p.dataAt); late >= 0 {
		skipped := int(late/p.options.Period) + 1
		p.dataAt = p.dataAt.Add(time.Duration(skipped) * p.options.Period)
		p.counts.Add(func(st *PushStats) { st.Skipped += skipped })
	}
}

// send sends a body, counts it, and says whether it was acknowledged.
func (p *Pusher) send(ctx context.Context, what string, body []byte) bool {
	if p.gate != nil {
		select {
		case p.gate <- struct{}{}:
			defer func() { <-p.gate }()
		case <-ctx.Done():
			return false
		}
	}
	p.counts.Add(func(st *PushStats) {
		st.Sent[what]++
		st.BytesOut += int64(len(body))
		st.InFlight++
		st.MaxInFlight = max(st.MaxInFlight, st.InFlight)
	})
	begun := time.Now()
	err := p.options.post(ctx, p.addresses[what], body)
	took := time.Since(begun)
	p.counts.Add(func(st *PushStats) {
		st.InFlight--
		switch {
		case err == nil:
			st.Acknowledged[what]++
			st.Latency.observe(took)
		case ctx.Err() == nil:
			st.Failed[failure(err)]++
		}
	})
	p.tell(ctx, what, err)
	return err == nil
}

// tell logs where the server begins to refuse and where it takes again.
func (p *Pusher) tell(ctx context.Context, what string, err error) {
	refused := err != nil
	if ctx.Err() != nil || refused == p.refused[what] {
		return
	}
	p.refused[what] = refused
	if refused {
		p.options.Logger.Warn("the server does not take what a UPS sends", "ups", p.device.CMM(), "what", what, "err", err)
	} else {
		p.options.Logger.Info("the server takes again what a UPS sends", "ups", p.device.CMM(), "what", what)
	}
}
