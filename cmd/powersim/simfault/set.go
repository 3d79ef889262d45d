package simfault

import (
	"net/http"
	"sync"
)

// Set is which path misbehaves how. The zero Set is ready: no path does. All
// its methods may be called at any time from any goroutine.
type Set struct {
	mu     sync.Mutex
	byPath map[string]*Fault
	ended  bool
	end    chan struct{} // closed by Close; made when first needed
}

// SetFault makes a path, as "/v1/devices", misbehave from now on; the zero Fault
// ends that. The path is that of the URL, without its query. A fault comes
// before every check, of who asks, too.
func (s *Set) SetFault(path string, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byPath == nil {
		s.byPath = map[string]*Fault{}
	}
	s.byPath[path] = &fault
}

// Close ends the waiting of every fault, also of those to come: the connection
// of a request that waits is closed without an answer.
func (s *Set) Close() {
	end := s.closing()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.ended = true
		close(end)
	}
}

// Wrap is a handler that misbehaves as the faults say, and where they say
// nothing answers as next does.
func (s *Set) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault, ok := s.take(r.URL.Path)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		x := &exchange{w: w, r: r, fault: fault, end: s.closing()}
		x.answer(next)
	})
}

// take is the fault for a request that came now.
func (s *Set) take(path string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fault, ok := s.byPath[path]
	if !ok {
		return Fault{}, false
	}
	taken := *fault
	switch fault.Times {
	case 0:
	case 1:
		delete(s.byPath, path)
	default:
		fault.Times--
	}
	return taken, true
}

// closing is closed by Close.
func (s *Set) closing() chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end == nil {
		s.end = make(chan struct{})
	}
	return s.end
}
