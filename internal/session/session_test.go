package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"power_exporter/collector"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service hands out numbered tokens and accepts those that it has not revoked.
type service struct {
	mu      sync.Mutex
	logIns  int
	life    time.Duration
	takes   time.Duration
	fails   error
	revoked int      // tokens up to this one are not accepted
	denied  []string // requests that are never accepted
}

func (s *service) logIn(ctx context.Context) (int, time.Duration, error) {
	s.mu.Lock()
	s.logIns++
	token, takes, err := s.logIns, s.takes, s.fails
	s.mu.Unlock()
	select {
	case <-time.After(takes):
		return token, s.life, err
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	}
}

// ask makes a request by name.
func (s *service) ask(ctx context.Context, session *Session[int], name string) (used int, err error) {
	err = session.Do(ctx, name, func(_ context.Context, token int) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		used = token
		if token <= s.revoked || slices.Contains(s.denied, name) {
			return fmt.Errorf("GET %s: 401: %w", name, ErrExpired)
		}
		return nil
	})
	return used, err
}

// want asks, and complains unless the token that was used and the number of
// log-ins so far are these.
func (s *service) want(t *testing.T, session *Session[int], token, logIns int) {
	t.Helper()
	got, err := s.ask(t.Context(), session, "outlets")
	if err != nil || got != token || s.logIns != logIns {
		t.Errorf("token %d after %d log-ins, %v; want token %d after %d", got, s.logIns, err, token, logIns)
	}
}

func pass(d time.Duration) { <-time.After(d) }

func TestOneLogInForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{takes: time.Second}
		session := New(s.logIn)
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if token, err := s.ask(t.Context(), session, "outlets"); token != 1 || err != nil {
					t.Errorf("token %d, %v", token, err)
				}
			})
		}
		all.Wait()
		s.revoked = 1
		pass(time.Second)
		for range 100 {
			all.Go(func() {
				if token, err := s.ask(t.Context(), session, "outlets"); token != 2 || err != nil {
					t.Errorf("token %d, %v", token, err)
				}
			})
		}
		all.Wait()
		if s.logIns != 2 {
			t.Errorf("%d log-ins, want one at first and one after the session ended", s.logIns)
		}
	})
}

func TestRenewedBeforeItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{life: 30 * time.Minute}
		session := New(s.logIn)
		s.want(t, session, 1, 1)
		pass(28*time.Minute + 59*time.Second)
		s.want(t, session, 1, 1)
		pass(time.Second)
		s.want(t, session, 2, 2)

		// What is still good is used while no new one can be had.
		pass(29 * time.Minute)
		s.fails = errors.New("500")
		s.want(t, session, 2, 3)
		pass(time.Minute)
		if _, err := s.ask(t.Context(), session, "outlets"); err == nil || err.Error() != "500" {
			t.Errorf("error is %v", err)
		}
		s.fails = nil
		s.want(t, session, 5, 5)

		s.life = time.Minute
		pass(time.Hour)
		s.want(t, session, 6, 6)
		pass(53 * time.Second)
		s.want(t, session, 6, 6)
		pass(time.Second)
		s.want(t, session, 7, 7)
	})
}

// TestALackOfPermission shows that a request that is never accepted costs one
// log-in and not one each time, and does not keep others from a new session.
func TestALackOfPermission(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{denied: []string{"conf"}}
		session := New(s.logIn)
		refused := func(logIns int) {
			t.Helper()
			if _, err := s.ask(t.Context(), session, "conf"); !errors.Is(err, ErrExpired) || s.logIns != logIns {
				t.Errorf("%v after %d log-ins, want %d", err, s.logIns, logIns)
			}
		}
		refused(1) // a session that is new cannot be at fault
		pass(time.Second)
		s.want(t, session, 1, 1)
		refused(1)
		s.revoked = 1
		refused(1)
		s.want(t, session, 2, 2)
		pass(denialLife)
		refused(3)
		refused(3)
		s.denied = nil
		if _, err := s.ask(t.Context(), session, "conf"); err != nil {
			t.Error(err)
		}
		s.revoked = 3
		pass(time.Second)
		if token, err := s.ask(t.Context(), session, "conf"); token != 4 || err != nil {
			t.Errorf("token %d, %v", token, err)
		}

		// Where nothing goes through, the session is soon doubted again.
		s.revoked, s.denied = 4, []string{"conf", "outlets"}
		for _, logIns := range []int{5, 5, 6, 6, 7} {
			pass(doubtLife / 2)
			if _, err := s.ask(t.Context(), session, "outlets"); !errors.Is(err, ErrExpired) || s.logIns != logIns {
				t.Errorf("%v after %d log-ins, want %d", err, s.logIns, logIns)
			}
		}
	})
}

// TestOneLogInAReading shows that several requests without permission, one
// after another, cost a reading one log-in, and that to be ready proves nothing
// about a session.
func TestOneLogInAReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{denied: []string{"conf", "events", "sensors"}}
		session := New(s.logIn)
		read := func(logIns int, names ...string) {
			t.Helper()
			start := time.Now()
			if err := session.Ready(t.Context()); err != nil {
				t.Error(err)
			}
			for _, name := range names {
				pass(time.Second)
				err := session.DoSince(t.Context(), start, name, func(_ context.Context, token int) error {
					if token <= s.revoked || slices.Contains(s.denied, name) {
						return ErrExpired
					}
					return nil
				})
				if refused := err != nil; refused != slices.Contains(s.denied, name) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if s.logIns != logIns {
				t.Errorf("%d log-ins, want %d", s.logIns, logIns)
			}
		}
		read(1, "conf", "events", "sensors")
		read(1, "conf", "events", "sensors")
		pass(doubtLife)
		read(2, "conf", "events", "sensors")
		read(2, "outlets", "conf", "events", "sensors")
		pass(doubtLife)
		read(2, "outlets", "conf", "events", "sensors")
		s.revoked = 2
		read(3, "outlets", "conf", "events", "sensors")
		pass(denialLife)
		read(4, "outlets", "conf", "events", "sensors")
	})
}

func TestRefusedCredentialsAreNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{fails: fmt.Errorf("POST /login: 401: %w", collector.ErrRefused)}
		session := New(s.logIn)
		fail := func(logIns int, text string) {
			t.Helper()
			_, err := s.ask(t.Context(), session, "outlets")
			if !errors.Is(err, collector.ErrRefused) || err.Error() != text || s.logIns != logIns {
				t.Errorf("%v after %d log-ins; want %s after %d", err, s.logIns, text, logIns)
			}
		}
		const plain = "POST /login: 401: the credentials were refused"
		fail(1, plain)
		pass(time.Second)
		fail(1, plain+"; the next log-in is tried in 59s, so that the account is not locked")
		pass(59 * time.Second)
		fail(2, plain)
		pass(time.Minute)
		fail(2, plain+"; the next log-in is tried in 1m0s, so that the account is not locked")
		pass(time.Minute)
		fail(3, plain)
		for n, wait := range []time.Duration{4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
			pass(wait - time.Second)
			fail(3+n, plain+"; the next log-in is tried in 1s, so that the account is not locked")
			pass(time.Second)
			fail(4+n, plain)
		}
		s.fails = nil
		pass(15 * time.Minute)
		s.want(t, session, 8, 8)
	})
}

// TestAFailureIsShared shows that those who wait for a log-in that fails do not
// each try their own.
func TestAFailureIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{takes: time.Second, fails: errors.New("503")}
		session := New(s.logIn)
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if _, err := s.ask(t.Context(), session, "outlets"); err == nil || err.Error() != "503" {
					t.Errorf("error is %v", err)
				}
			})
		}
		all.Wait()
		if s.logIns != 1 {
			t.Errorf("%d log-ins, want 1", s.logIns)
		}
		s.fails = nil
		s.want(t, session, 2, 2)
	})
}

// TestAnImpatientLogIn shows that the end of one caller's time is not the end
// of the others'.
func TestAnImpatientLogIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{takes: time.Second}
		session := New(s.logIn)
		short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := s.ask(short, session, "outlets"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error is %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			if token, err := s.ask(t.Context(), session, "outlets"); token != 2 || err != nil {
				t.Errorf("token %d, %v", token, err)
			}
		})
		all.Go(func() {
			_, err := s.ask(short, session, "outlets")
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "waiting for the log-in") {
				t.Errorf("error is %v", err)
			}
		})
		all.Wait()
	})
}

// TestARefusedRenewalKeepsTheSession shows that a session which still holds is
// used while no other can be had, also when the credentials were changed or the
// device has no place for one more.
func TestARefusedRenewalKeepsTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{life: 30 * time.Minute}
		session := New(s.logIn)
		s.want(t, session, 1, 1)
		pass(29 * time.Minute)
		s.fails = fmt.Errorf("POST /login: 403: %w", collector.ErrRefused)
		s.want(t, session, 1, 2)
		pass(30 * time.Second)
		s.want(t, session, 1, 2)
		pass(30 * time.Second)
		if _, err := s.ask(t.Context(), session, "outlets"); !errors.Is(err, collector.ErrRefused) {
			t.Errorf("a session that has ended: %v", err)
		}

		// One request that is not accepted does not cost the others theirs.
		s = &service{denied: []string{"conf"}}
		session = New(s.logIn)
		s.want(t, session, 1, 1)
		pass(time.Second)
		s.fails = fmt.Errorf("POST /login: 403: %w", collector.ErrRefused)
		if _, err := s.ask(t.Context(), session, "conf"); !errors.Is(err, collector.ErrRefused) {
			t.Errorf("error is %v", err)
		}
		s.want(t, session, 1, 2)
	})
}
