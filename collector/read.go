package collector

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"power_exporter/power"
)

// grace is how long after its deadline a reading may take to hand over what it
// has. A caller with less patience says so by its context.
const grace = 250 * time.Millisecond

// flight is a reading under way.
type flight struct {
	done   chan struct{} // closed when result is there
	result *Result
}

// Read reads the source within the timeout, or takes a reading somebody else
// has made: a cached one that is fresh enough, or one that is under way. The
// reading logs to logger. When ctx ends the caller no longer waits, but the
// reading goes on for the others until its own timeout.
func (p *Pool) Read(ctx context.Context, s Source, timeout time.Duration, logger *slog.Logger) Result {
	e := p.enter(s)
	defer p.leave(e)

	deadline := time.Now().Add(timeout)
	patience := time.NewTimer(timeout + grace)
	defer patience.Stop()
	for {
		f, led := e.join(s.CacheTTL, func(f *flight) {
			p.stay(e)
			go func() {
				defer p.leave(e)
				// The reading is no longer the caller's alone, so it outlives the
				// caller's connection.
				reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Until(deadline))
				defer cancel()
				result := e.read(reading, logger)
				if errors.Is(result.Err, ErrPanic) {
					p.panicked()
				}
				e.land(f, result, s.CacheTTL > 0)
			}()
		})
		select {
		case <-f.done:
		case <-ctx.Done():
			return Result{Err: fmt.Errorf("nobody waits any longer: %w", context.Cause(ctx)), Duration: timeout - time.Until(deadline)}
		case <-patience.C:
			err := fmt.Errorf("the reading does not end, although its %s are over: %w", timeout, context.DeadlineExceeded)
			if !led {
				err = fmt.Errorf("the reading of another probe, which this one shares, did not end within %s: %w", timeout, context.DeadlineExceeded)
			}
			return Result{Err: err, Duration: timeout}
		}
		// Whoever led may have had less time than this caller, who then tries
		// again with the rest of its own.
		if !led && f.result.timedOut && time.Until(deadline) >= f.result.allowed {
			continue
		}
		result := *f.result
		result.Cached = !led || result.kept
		return result
	}
}

// join returns the reading to wait for: a cached one, the one under way, or a
// new one that start begins.
func (e *entry) join(ttl time.Duration, start func(*flight)) (f *flight, led bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.last != nil && ttl > 0 && time.Since(e.last.Taken) < ttl {
		done := make(chan struct{})
		close(done)
		return &flight{done: done, result: e.last}, false
	}
	if e.flight != nil {
		return e.flight, false
	}
	e.flight = &flight{done: make(chan struct{})}
	start(e.flight)
	return e.flight, true
}

// land ends a flight, hands its result to all who wait, and keeps it if that is
// wanted.
func (e *entry) land(f *flight, r Result, keep bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f.result = &r
	if keep && r.Err == nil && !r.kept {
		e.last = f.result
	}
	e.flight = nil
	close(f.done)
}

// read makes one reading.
func (e *entry) read(ctx context.Context, logger *slog.Logger) Result {
	t := &trace{logger: logger}
	start := time.Now()
	deadline, _ := ctx.Deadline()
	devices, err := e.collect(context.WithValue(ctx, traceKey{}, t))
	end := time.Now()

	if panicked, ok := errors.AsType[*panicError](err); ok {
		logger.Error("collector panicked", "err", panicked, "stack", string(panicked.stack))
	}
	mended := power.Validate(devices)
	for _, m := range mended {
		logger.Debug("device mended", "err", m)
	}
	taken, kept := t.taken(end)
	return Result{
		Devices:  devices,
		Err:      err,
		Mended:   mended,
		Requests: t.recorded(),
		Taken:    taken,
		kept:     kept,
		Duration: end.Sub(start),
		allowed:  deadline.Sub(start),
		timedOut: err != nil && ctx.Err() != nil,
	}
}

// collect calls the collector and turns a panic into an error, so that one
// device with an odd answer costs one probe and not the process.
func (e *entry) collect(ctx context.Context) (devices []power.Device, err error) {
	defer func() {
		if v := recover(); v != nil {
			devices, err = nil, &panicError{value: fmt.Sprint(v), stack: debug.Stack()}
		}
	}()
	return e.collector.Collect(ctx)
}
