package powersentrixsim

import (
	"context"
	"maps"
	"net/http"
	"strconv"
)

// Stats counts what a UPS or a portal was asked since it was made.
type Stats struct {
	Requests     map[string]int // by method and path, as "GET /api_actions", whatever the answer
	Answers      map[int]int    // by status; a connection that was reset has none
	InFlight     int            // requests that wait for their answer now
	MaxInFlight  int            // the most that waited at the same time
	Logins       int            // log-ins that gave a token
	FailedLogins int            // log-ins refused
	BytesIn      int64          // bodies as their headers announce them
	BytesOut     int64          // bodies
}

// clone is a copy that does not change.
func (st Stats) clone() Stats {
	st.Requests = maps.Clone(st.Requests)
	st.Answers = maps.Clone(st.Answers)
	return st
}

// Stats is a copy of the counts so far.
func (s *server) Stats() Stats { return s.counts.snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (s *server) Wait(ctx context.Context, wanted func(Stats) bool) error {
	return s.counts.wait(ctx, wanted)
}

// counted is an answer that is counted.
type counted struct {
	http.ResponseWriter
	counts   *counts[Stats]
	begun    bool
	finished bool
	missing  int64 // of the length that was announced; negative where none was
}

// enter counts a request.
func enter(w http.ResponseWriter, r *http.Request, c *counts[Stats]) *counted {
	c.add(func(st *Stats) {
		st.Requests[r.Method+" "+r.URL.Path]++
		st.BytesIn += max(0, r.ContentLength)
		st.InFlight++
		st.MaxInFlight = max(st.MaxInFlight, st.InFlight)
	})
	return &counted{ResponseWriter: w, counts: c}
}

// leave ends the request's part in InFlight.
func (w *counted) leave() {
	if !w.finished {
		w.finished = true
		w.counts.add(func(st *Stats) { st.InFlight-- })
	}
}

// WriteHeader counts the status.
func (w *counted) WriteHeader(status int) {
	if !w.begun {
		w.begun = true
		w.missing = -1
		if n, err := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64); err == nil {
			w.missing = n
		}
		w.counts.add(func(st *Stats) { st.Answers[status]++ })
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts a part of the body. The request leaves before the last part goes
// out, so that a client that has the whole answer and asks again is never
// counted twice at the same time.
func (w *counted) Write(p []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	if w.missing >= 0 {
		w.missing -= int64(len(p))
		if w.missing <= 0 {
			w.leave()
		}
	}
	n, err := w.ResponseWriter.Write(p)
	w.counts.add(func(st *Stats) { st.BytesOut += int64(n) })
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *counted) Unwrap() http.ResponseWriter { return w.ResponseWriter }
