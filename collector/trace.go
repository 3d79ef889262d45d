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

// Logger is where a collector writes what is worth knowing about the reading
// that ctx belongs to.
func Logger(ctx context.Context) *slog.Logger {
	if t, ok := ctx.Value(traceKey{}).(*trace); ok && t.logger != nil {
		return t.logger
	}
	return slog.New(slog.DiscardHandler)
}

// recorded returns a copy of the requests noted so far.
func (t *trace) recorded() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Request(nil), t.requests...)
}
