// Package session keeps a log-in at a device or a service: made once, shared by
// all requests, renewed before it ends and once when it is no longer accepted,
// and not tried again at once after the password was refused, so that the
// account is not locked.
package session

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"power_exporter/collector"
)

// ErrExpired is wrapped by the error of a request whose session was not
// accepted.
var ErrExpired = errors.New("the session is not accepted")

const (
	// firstWait is how long no log-in is tried after credentials were refused
	// for the first time. It doubles each time, up to longestWait.
	firstWait   = time.Minute
	longestWait = 15 * time.Minute
	// longestMargin is how long before its end a session is renewed, unless a
	// tenth of its life is less.
	longestMargin = time.Minute
	// denialLife is how long a request that even a new session did not help
	// counts as one for which the user lacks the permission, and doubtLife how
	// long if nothing else has gone through since either.
	denialLife = 10 * time.Minute
	doubtLife  = time.Minute
)

// LogIn logs in and returns what requests have to carry, and how long it
// lasts; 0 if that is not known.
type LogIn[T any] func(ctx context.Context) (token T, life time.Duration, err error)

// Session is one log-in of type T, such as a cookie or a token. All methods may
// be called concurrently.
type Session[T any] struct {
	logIn LogIn[T]
	turn  chan struct{} // holds one element while somebody logs in

	mu       sync.Mutex
	current  *grant[T]
	attempts int // log-ins tried so far
	failure  error
	refusals int       // log-ins refused in a row
	wait     time.Time // no log-in before this
	denied   map[string]time.Time
	worked   time.Time // when a request last went through
}

// grant is what one log-in gave.
type grant[T any] struct {
	token T
	since time.Time
	end   time.Time // zero if not known
	soon  time.Time // when it is to be renewed; zero if not known
}

// New is a session that logs in when it is first needed.
func New[T any](logIn LogIn[T]) *Session[T] {
	return &Session[T]{logIn: logIn, turn: make(chan struct{}, 1), denied: map[string]time.Time{}}
}

// Do makes a request with the session, and makes it once more with a new
// session when its error wraps [ErrExpired]. The name tells requests of
// different permissions apart: many devices answer a lack of permission as they
// answer an old session, and one such request must not cost a log-in each time.
func (s *Session[T]) Do(ctx context.Context, name string, request func(ctx context.Context, token T) error) error {
	return s.DoSince(ctx, time.Now(), name, request)
}

// DoSince is Do for one of the requests of a reading that began at start. A
// session that is younger than the reading cannot be at fault, so that however
// many requests lack their permission, the reading costs one log-in at most.
func (s *Session[T]) DoSince(ctx context.Context, start time.Time, name string, request func(ctx context.Context, token T) error) error {
	g, err := s.get(ctx, nil)
	if err != nil {
		return err
	}
	err = request(ctx, g.token)
	if !errors.Is(err, ErrExpired) {
		s.note(name, err)
		return err
	}
	if !g.since.Before(start) { // it is new, and cannot be at fault
		s.deny(name)
		return err
	}
	if s.isDenied(name) {
		return err
	}
	if g, err = s.get(ctx, g); err != nil {
		return err
	}
	err = request(ctx, g.token)
	if errors.Is(err, ErrExpired) {
		s.deny(name)
		return err
	}
	s.note(name, err)
	return err
}

// Ready logs in if there is no session yet, so that a failure is one, and not
// one of each of the requests that come next.
func (s *Session[T]) Ready(ctx context.Context) error {
	_, err := s.get(ctx, nil)
	return err
}

// get returns the present grant, or a new one if there is none, it ends soon,
// or it is the one that was not accepted.
func (s *Session[T]) get(ctx context.Context, rejected *grant[T]) (*grant[T], error) {
	g, attempts := s.present(rejected)
	if g != nil {
		return g, nil
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for the log-in: %w", context.Cause(ctx))
	}
	if g, err := s.meanwhile(rejected, attempts); g != nil || err != nil {
		return g, err
	}
	token, life, err := s.logIn(ctx)
	return s.landed(ctx, token, life, err, rejected)
}

// present returns the grant that may be used without a log-in, if any, and the
// number of log-ins tried so far.
func (s *Session[T]) present(rejected *grant[T]) (*grant[T], int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.current
	if g == nil || g == rejected || !g.soon.IsZero() && !time.Now().Before(g.soon) {
		g = nil
	}
	return g, s.attempts
}

// meanwhile returns what others have reached while the caller waited for its
// turn: a grant, or the failure that the caller's own log-in would repeat.
func (s *Session[T]) meanwhile(rejected *grant[T], attempts int) (*grant[T], error) {
	g, _ := s.present(rejected)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case g != nil:
		return g, nil
	case s.attempts != attempts && s.failure != nil:
		return nil, s.failure
	case time.Now().Before(s.wait) && s.holds(rejected):
		return s.current, nil
	case time.Now().Before(s.wait):
		return nil, fmt.Errorf("%w; the next log-in is tried in %s, so that the account is not locked", s.failure, time.Until(s.wait).Round(time.Second))
	}
	return nil, nil
}

// landed notes the outcome of a log-in.
func (s *Session[T]) landed(ctx context.Context, token T, life time.Duration, err error, rejected *grant[T]) (*grant[T], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if err == nil {
		g := &grant[T]{token: token, since: now}
		if life > 0 {
			g.end, g.soon = now.Add(life), now.Add(life-min(life/10, longestMargin))
		}
		s.attempts++
		s.current, s.failure, s.refusals, s.wait = g, nil, 0, time.Time{}
		return g, nil
	}
	// A caller whose own time was over has learnt nothing about the log-in, and
	// those who wait try again.
	if ctx.Err() == nil {
		s.attempts++
		s.failure = err
	}
	if errors.Is(err, collector.ErrRefused) {
		s.failure = err
		s.wait = now.Add(min(firstWait<<min(s.refusals, 10), longestWait))
		s.refusals++
	}
	if s.holds(rejected) {
		return s.current, nil
	}
	return nil, err
}

// holds reports whether the present grant, which was to be renewed early, may
// still be used. Guarded by mu.
func (s *Session[T]) holds(rejected *grant[T]) bool {
	g := s.current
	return g != nil && g != rejected && (g.end.IsZero() || time.Now().Before(g.end))
}

// note remembers that a request went through.
func (s *Session[T]) note(name string, err error) {
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worked = time.Now()
	delete(s.denied, name)
}

// deny remembers that even a new session does not help a request.
func (s *Session[T]) deny(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denied[name] = time.Now()
}

// isDenied reports whether a new session did not help the request lately.
func (s *Session[T]) isDenied(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	since, ok := s.denied[name]
	life := doubtLife
	if !s.worked.Before(since) {
		life = denialLife
	}
	return ok && time.Since(since) < life
}
