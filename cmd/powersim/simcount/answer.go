package simcount

import (
	"bufio"
	"net"
	"net/http"
	"strconv"
)

// Answer is an answer that is counted while it is sent. It is used by one
// goroutine at a time.
type Answer struct {
	http.ResponseWriter
	count    func(edit func(*Traffic))
	begun    bool // the status is known
	written  int64
	released bool
}

// NewAnswer counts what is written to w as the answer to a request that has
// begun, see Traffic.Begin.
func NewAnswer[T any, P carrier[T]](w http.ResponseWriter, counts *Counts[T]) *Answer {
	return &Answer{ResponseWriter: w, count: func(edit func(*Traffic)) {
		counts.Add(func(st *T) { edit(P(st).traffic()) })
	}}
}

// Release ends the request's part in InFlight, unless that has ended already. It
// must be called at the end of the request.
func (a *Answer) Release() {
	if !a.released {
		a.released = true
		a.count(func(t *Traffic) { t.InFlight-- })
	}
}

// WriteHeader counts the status.
func (a *Answer) WriteHeader(status int) {
	if !a.begun {
		a.begun = true
		a.count(func(t *Traffic) { t.Answers[status]++ })
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write counts a part of the body.
func (a *Answer) Write(p []byte) (int, error) {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	a.count(func(t *Traffic) { t.BytesOut += int64(len(p)) })
	a.written += int64(len(p))
	if a.Header().Get("Content-Length") != strconv.FormatInt(a.written, 10) {
		return a.ResponseWriter.Write(p)
	}
	// The last byte goes out after the counts, so that a client that has the
	// whole answer and asks again is never counted twice at the same time.
	last := max(0, len(p)-1)
	n, err := a.ResponseWriter.Write(p[:last])
	a.Release()
	if err != nil {
		return n, err
	}
	more, err := a.ResponseWriter.Write(p[last:])
	return n + more, err
}

// Hijack takes the connection over, which ends the request.
func (a *Answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.Release()
	return http.NewResponseController(a.ResponseWriter).Hijack()
}

// Unwrap is for http.ResponseController.
func (a *Answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
