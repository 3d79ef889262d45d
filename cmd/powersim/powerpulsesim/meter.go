package powerpulsesim

import (
	"net/http"
	"strconv"
)

// meter counts the answer to one request.
type meter struct {
	http.ResponseWriter
	counters *counters
	begun    bool
	left     int // bytes of the body to come, where Content-Length says so
	gone     bool
}

// Unwrap is for http.ResponseController.
func (m *meter) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// WriteHeader counts the answer.
func (m *meter) WriteHeader(status int) {
	if !m.begun {
		m.begun = true
		m.counters.add(func(st *Stats) { st.Answers[status]++ })
		if length, err := strconv.Atoi(m.Header().Get("Content-Length")); err == nil {
			m.left = length
		}
	}
	m.ResponseWriter.WriteHeader(status)
}

// Write counts a part of the body. The last byte goes out after the counts, so
// that a client that has the whole answer and asks again is never counted twice
// at the same time.
func (m *meter) Write(p []byte) (int, error) {
	if !m.begun {
		m.WriteHeader(http.StatusOK)
	}
	m.counters.add(func(st *Stats) { st.BytesOut += int64(len(p)) })
	first := len(p)
	if m.left > 0 {
		if m.left -= len(p); m.left <= 0 {
			first--
		}
	}
	n, err := m.ResponseWriter.Write(p[:first])
	if err != nil || first == len(p) {
		return n, err
	}
	m.leave()
	last, err := m.ResponseWriter.Write(p[first:])
	return n + last, err
}

// leave ends the request's part in InFlight.
func (m *meter) leave() {
	if !m.gone {
		m.gone = true
		m.counters.add(func(st *Stats) { st.InFlight-- })
	}
}
