package cloudtraxsim

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// ServeHTTP answers one request as the cloud would.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !c.adopt(func() {}) {
		panic(http.ErrAbortHandler)
	}
	defer c.running.Done()
	c.log.Debug("request", "method", r.Method, "path", r.URL.Path, "remote", r.RemoteAddr)
	c.record(r)
	c.counters.add(func(st *Stats) {
		st.Requests[r.Method+" "+r.URL.Path]++
		st.InFlight++
		st.MaxInFlight = max(st.MaxInFlight, st.InFlight)
	})
	own := &counted{ResponseWriter: w, counters: c.counters}
	defer own.release()
	c.wait(r.Context())
	c.handler.ServeHTTP(own, r)
}

// wait is the latency. It aborts the request where nobody waits for an answer
// any more.
func (c *Cloud) wait(ctx context.Context) {
	if c.options.Latency == 0 {
		return
	}
	timer := time.NewTimer(c.options.Latency)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		panic(http.ErrAbortHandler)
	case <-c.ctx.Done():
		panic(http.ErrAbortHandler)
	}
}

// counted is an answer that is counted as it is written.
type counted struct {
	http.ResponseWriter
	counters *counters
	length   int64 // that was announced; 0 is unknown
	written  int64
	released bool
}

// WriteHeader counts the status.
func (w *counted) WriteHeader(status int) {
	w.counters.add(func(st *Stats) { st.Answers[status]++ })
	if n, err := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64); err == nil {
		w.length = n
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes. The last one goes out after the counts, so that a
// client that has the whole answer and asks again is never counted twice at the
// same time.
func (w *counted) Write(p []byte) (int, error) {
	if len(p) == 0 || w.written+int64(len(p)) != w.length {
		return w.pass(p)
	}
	last := len(p) - 1
	n, err := w.pass(p[:last])
	if err != nil {
		return n, err
	}
	w.release()
	m, err := w.pass(p[last:])
	return n + m, err
}

// pass writes and counts.
func (w *counted) pass(p []byte) (int, error) {
	w.written += int64(len(p))
	w.counters.add(func(st *Stats) { st.BytesOut += int64(len(p)) })
	return w.ResponseWriter.Write(p)
}

// release ends the request's part in InFlight.
func (w *counted) release() {
	if !w.released {
		w.released = true
		w.counters.add(func(st *Stats) { st.InFlight-- })
	}
}

// Unwrap lets a fault have the connection.
func (w *counted) Unwrap() http.ResponseWriter { return w.ResponseWriter }
