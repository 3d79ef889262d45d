package synlink

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

const (
	// framePeriod is how often a PDU sends a frame, by the document.
	framePeriod = 2 * time.Second
	// silence is after how long without a frame the stream does not answer
	// probes.
	silence = 3 * framePeriod
	// patience is after how long without a frame the connection is given up.
	patience = 5 * framePeriod

	firstBackoff   = time.Second
	longestBackoff = time.Minute
	// longestWish is how long a Retry-After is believed.
	longestWish = 15 * time.Minute
)

// stream keeps a WebSocket to a PDU and hands what comes over it to a feed.
type stream struct {
	client *rest.Client
	gate   *collector.Gate
	feed   *feed

	session *session.Session[string]

	ctx    context.Context // ends at close
	cancel context.CancelFunc
	begun  time.Time     // zero before start
	done   chan struct{} // closed when run has ended

	bare bool // how the session was last shown with success, see greet; of run only
}

func newStream(client *rest.Client, gate *collector.Gate, session *session.Session[string], feed *feed) *stream {
	s := &stream{client: client, gate: gate, session: session, feed: feed, done: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// start begins to read the stream, unless that was done.
func (s *stream) start() {
	if !s.begun.IsZero() {
		return
	}
	s.begun = time.Now()
	go func() {
		defer close(s.done)
		s.run(s.ctx)
	}()
}

// close ends the stream and waits for its end.
func (s *stream) close() {
	s.cancel()
	if !s.begun.IsZero() {
		<-s.done
	}
}

// run connects, and connects again, until ctx ends.
func (s *stream) run(ctx context.Context) {
	wait := firstBackoff
	for {
		var streamed time.Duration
		err := collector.Guard(ctx, func() (err error) {
			streamed, err = s.connect(ctx)
			return err
		})
		if ctx.Err() != nil {
			return
		}
		s.feed.lost(err)
		if streamed >= patience { // it was a good one
			wait = firstBackoff
		}
		// Between half and all of it, so that the PDUs of a rack do not come back
		// in step.
		pause := time.NewTimer(wish(err) + wait/2 + rand.N(wait/2)) //nolint:gosec // nobody gains by guessing it
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return
		}
		wait = min(2*wait, longestBackoff)
	}
}

// wish is how long the PDU asks to be left alone, with the error of a request.
func wish(err error) time.Duration {
	if status, ok := errors.AsType[*rest.StatusError](err); ok {
		return min(status.RetryAfter, longestWish)
	}
	return 0
}

// connect reads one connection to its end, and says for how long frames came.
func (s *stream) connect(ctx context.Context) (streamed time.Duration, err error) {
	var ws *socket
	err = s.session.Do(ctx, "/ws", func(ctx context.Context, spid string) error {
		var err error
		ws, err = s.open(ctx, spid)
		if refused(err) {
			err = expired{err}
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("opening the stream: %w", err)
	}
	defer ws.close()
	for begun := time.Now(); ; streamed = time.Since(begun) {
		frame, err := ws.next(ctx)
		if err != nil {
			return streamed, fmt.Errorf("reading the stream: %w", err)
		}
		s.feed.take(frame, time.Now())
	}
}

// open connects, shows the session, and takes the first frame. A PDU that will
// have nothing of the session is shown it in the other way.
func (s *stream) open(ctx context.Context, spid string) (*socket, error) {
	var failed error
	for _, bare := range []bool{s.bare, !s.bare} {
		ws, err := s.dial(ctx)
		if err != nil {
			return nil, cmp.Or(failed, err)
		}
		frame, err := ws.greet(ctx, spid, bare)
		if err == nil {
			s.bare = bare
			s.feed.take(frame, time.Now())
			return ws, nil
		}
		ws.close()
		failed = cmp.Or(failed, err)
	}
	return nil, failed
}

// dial makes the WebSocket.
func (s *stream) dial(ctx context.Context) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	leave, err := s.gate.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return dial(ctx, s.client.URL(rest.Request{Path: "/ws"}), s.client.HTTP(), s.feed.wonder)
}
