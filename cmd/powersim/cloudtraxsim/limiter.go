package cloudtraxsim

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter counts the requests of each key.
type limiter struct {
	mu      sync.Mutex
	windows map[string]*window
}

// window is the time in which a key may send so many more requests.
type window struct {
	ends time.Time
	left int
}

// take lets one request of a key through, or says when the next may come.
func (l *limiter) take(limit RateLimit, key string, now time.Time) (again time.Time, ok bool) {
	if limit.Requests == 0 {
		return time.Time{}, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.windows[key]
	if w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Add(limit.Window), left: limit.Requests}
		if l.windows == nil {
			l.windows = map[string]*window{}
		}
		l.windows[key] = w
	}
	if w.left == 0 {
		return w.ends, false
	}
	w.left--
	return time.Time{}, true
}

// limited answers 429 to who asks too often, and lets the others through.
func (c *Cloud) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claimed, _ := claimOf(r.Header.Get("Authorization"))
		key, _ := c.keyOf(claimed)
		limit, now := c.options.RateLimit, c.now()
		again, ok := c.limiter.take(limit, key.Key, now)
		if ok {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", retryAfter(again, now, limit.Date))
		c.refused(w, exception(http.StatusTooManyRequests, "rate_limit", "Too many requests."))
	})
}

// retryAfter is the header that says when the next request may come. Both forms
// have whole seconds, and are never too early.
func retryAfter(again, now time.Time, date bool) string {
	if date {
		return again.Add(time.Second - 1).UTC().Truncate(time.Second).Format(http.TimeFormat)
	}
	return strconv.FormatInt(int64((again.Sub(now)+time.Second-1)/time.Second), 10)
}
