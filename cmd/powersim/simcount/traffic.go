package simcount

import (
	"maps"
	"net/http"
)

// Traffic counts the requests to a web server and its answers. It is a part of
// the counts of each simulated device that has one.
type Traffic struct {
	Requests    map[string]int // by method and path without its query, as "GET /v1/devices/1", whatever the answer
	Answers     map[int]int    // by status; a connection that was reset has none
	InFlight    int            // requests that wait for their answer now
	MaxInFlight int            // the most that waited at the same time
	BytesOut    int64          // bodies of answers, before TLS
}

// NewTraffic is none so far.
func NewTraffic() Traffic { return Traffic{Requests: map[string]int{}, Answers: map[int]int{}} }

// Unshare gives a copy maps of its own.
func (t *Traffic) Unshare() {
	t.Requests = maps.Clone(t.Requests)
	t.Answers = maps.Clone(t.Answers)
}

// Begin counts a request that waits for its answer from now on.
func (t *Traffic) Begin(request string) {
	t.Requests[request]++
	t.InFlight++
	t.MaxInFlight = max(t.MaxInFlight, t.InFlight)
}

// traffic is itself, in whatever it is embedded.
func (t *Traffic) traffic() *Traffic { return t }

// carrier is a pointer to counts in which Traffic is embedded.
type carrier[T any] interface {
	*T
	traffic() *Traffic
}

// Wrap is a handler that counts each request, and what next answers to it.
func Wrap[T any, P carrier[T]](counts *Counts[T], next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counts.Add(func(st *T) { P(st).traffic().Begin(r.Method + " " + r.URL.Path) })
		answer := NewAnswer[T, P](w, counts)
		defer answer.Release()
		next.ServeHTTP(answer, r)
	})
}
