package emssim

import (
	"bufio"
	"net"
	"net/http"
	"strconv"
)

// counted is an answer that is counted while it is sent.
type counted struct {
	http.ResponseWriter
	counters *counters
	status   int // 0 until it is known
	written  int64
	released bool
}

// enter counts a request.
func (c *counters) enter(w http.ResponseWriter, r *http.Request) *counted {
	c.add(func(st *Stats) {
		st.Requests[r.Method+" "+r.URL.Path]++
		st.InFlight++
		st.MaxInFlight = max(st.MaxInFlight, st.InFlight)
	})
	return &counted{ResponseWriter: w, counters: c}
}

// release ends the request's part in InFlight.
func (w *counted) release() {
	if !w.released {
		w.released = true
		w.counters.add(func(st *Stats) { st.InFlight-- })
	}
}

// WriteHeader counts the status.
func (w *counted) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		w.counters.add(func(st *Stats) { st.Answers[status]++ })
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts a part of the body.
func (w *counted) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.counters.add(func(st *Stats) { st.BytesOut += int64(len(p)) })
	w.written += int64(len(p))
	if w.Header().Get("Content-Length") != strconv.FormatInt(w.written, 10) {
		return w.ResponseWriter.Write(p)
	}
	// The last byte goes out after the counts, so that a client that has the
	// whole answer and asks again is never counted twice at the same time.
	last := max(0, len(p)-1)
	n, err := w.ResponseWriter.Write(p[:last])
	w.release()
	if err != nil {
		return n, err
	}
	more, err := w.ResponseWriter.Write(p[last:])
	return n + more, err
}

// Hijack takes the connection over, which ends the request.
func (w *counted) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.release()
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap is for http.ResponseController.
func (w *counted) Unwrap() http.ResponseWriter { return w.ResponseWriter }
