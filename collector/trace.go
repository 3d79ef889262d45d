package collector

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Request is one exchange with a device, as people and metrics see it.
type Request struct {
	Name     string        // what was asked, such as "LIST VAR rack1"; never holds a secret
	Duration time.Duration // until the answer was complete
	Bytes    int64         // size of the answer
	Err      error         // nil when the answer was what the protocol promises
}

// trace gathers what happens during one reading.
type trace struct {
	logger *slog.Logger

	mu       sync.Mutex
	requests []Request
	kept     time.Time // zero for a reading made now
}

type traceKey struct{}

// Record notes a request made for the reading that ctx belongs to.
func Record(ctx context.Context, r Request) {
	t, ok := ctx.Value(traceKey{}).(*trace)
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests = append(t.requests, r)
}

// Kept notes that the reading that ctx belongs to holds readings that the
// collector has kept since then, because the device may not be asked. It counts as
// cached and is as old as that, and is not kept once more.
func Kept(ctx context.Context, since time.Time) {
	t, ok := ctx.Value(traceKey{}).(*trace)
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept.IsZero() || since.Before(t.kept) {
		t.kept = since
	}
}

// Logger is where a collector writes what is worth knowing about the reading
// that ctx belongs to.
func Logger(ctx context.Context) *slog.Logger {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok && t.logger != nil {
		return t.logger
	}
	return slog.New(slog.DiscardHandler)
}

// taken is when a reading that ended then was taken, and whether it was kept.
func (t *trace) taken(end time.Time) (at time.Time, kept bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept.IsZero() {
		return end, false
	}
	return t.kept, true
}

// recorded returns a copy of the requests noted so far.
func (t *trace) recorded() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Request(nil), t.requests...)
}
