package simserver

import (
	"net/http"
	"time"
)

// Late is a handler that takes so much longer than next, as over a slow link or
// from a slow device. It aborts a request that nobody waits for any more.
func Late(latency time.Duration, next http.Handler) http.Handler {
	if latency <= 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(latency)
		defer timer.Stop()
		select {
		case <-timer.C:
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	})
}
