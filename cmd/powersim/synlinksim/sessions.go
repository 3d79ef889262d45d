package synlinksim

import (
	"crypto/rand"
	"crypto/subtle"
	"slices"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simcount"
)

// sessions is who may ask: users, their tokens, and who has logged in.
type sessions struct {
	options Options
	counts  *simcount.Counts[Stats]

	mu      sync.Mutex
	byToken map[string]session
	failed  map[string]int // log-ins that failed in a row, by user name
}

// session is what a log-in gave.
type session struct {
	user *User
	ends time.Time // zero is never
}

// verdict is what became of a name and a password.
type verdict int

const (
	accepted verdict = iota
	wrong            // no such user, or another password
	locked           // too many failures before
	full             // too many sessions
)

// newSessions begins with nobody logged in.
func newSessions(options Options, counts *simcount.Counts[Stats]) *sessions {
	return &sessions{options: options, counts: counts, byToken: map[string]session{}, failed: map[string]int{}}
}

// check judges a name and a password.
func (s *sessions) check(name, password string) (*User, verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.judge(name, password)
}

// logIn judges a name and a password and begins a session.
func (s *sessions) logIn(name, password string) (user *User, token string, v verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, v = s.judge(name, password)
	if v != accepted {
		return nil, "", v
	}
	s.sweep()
	if s.options.MaxSessions > 0 && len(s.byToken) >= s.options.MaxSessions {
		return nil, "", full
	}
	token = rand.Text()[:19] // as long as the document's
	begun := session{user: user}
	if s.options.SessionLife > 0 {
		begun.ends = s.options.Now().Add(s.options.SessionLife)
	}
	s.byToken[token] = begun
	s.counts.Add(func(st *Stats) { st.Logins++; st.Sessions = len(s.byToken) })
	return user, token, accepted
}

// judge is check for those who hold the lock.
func (s *sessions) judge(name, password string) (*User, verdict) {
	if n := s.options.LockoutAfter; n > 0 && s.failed[name] >= n {
		s.counts.Add(func(st *Stats) { st.FailedLogins++; st.LockedOut++ })
		return nil, locked
	}
	for i := range s.options.Users {
		u := &s.options.Users[i]
		if u.Name == name && u.Password != "" && subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) == 1 {
			delete(s.failed, name)
			return u, accepted
		}
	}
	s.failed[name]++
	s.counts.Add(func(st *Stats) { st.FailedLogins++ })
	return nil, wrong
}

// find is who a session is, or nil where it has ended or never was.
func (s *sessions) find(token string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	return s.byToken[token].user
}

// bearer is whose personal access token that is, or nil.
func (s *sessions) bearer(token string) *User {
	for i := range s.options.Users {
		if slices.Contains(s.options.Users[i].Tokens, token) {
			return &s.options.Users[i]
		}
	}
	return nil
}

// expire ends every session.
func (s *sessions) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.byToken)
	s.counts.Add(func(st *Stats) { st.Sessions = 0 })
}

// sweep forgets the sessions whose time is over.
func (s *sessions) sweep() {
	now := s.options.Now()
	ended := false
	for token, begun := range s.byToken {
		if !begun.ends.IsZero() && !now.Before(begun.ends) {
			delete(s.byToken, token)
			ended = true
		}
	}
	if ended {
		s.counts.Add(func(st *Stats) { st.Sessions = len(s.byToken) })
	}
}
