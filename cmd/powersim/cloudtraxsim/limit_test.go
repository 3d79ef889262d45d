package cloudtraxsim_test

import (
	"net/http"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

func TestRateLimit(t *testing.T) {
	t.Parallel()
	for _, date := range []bool{false, true} {
		clock := newClock()
		cloud, url := cloudtraxsim.Start(t, cloudtraxsim.Options{
			Now:         clock.Now,
			ClockOffset: 2 * time.Minute,
			Keys:        []cloudtraxsim.Key{{Key: "a", Secret: "s"}, {Key: "b", Secret: "t"}},
			RateLimit:   cloudtraxsim.RateLimit{Requests: 2, Date: date},
		}, cloudtraxsim.Manual())
		unknown := func(h http.Header) { h.Del("Authorization") }
		for i, step := range []struct {
			after       time.Duration
			key, secret string
			edit        func(http.Header)
			status      int
			retryAfter  string
			until       string // as a date
		}{
			{0, "a", "s", nil, 200, "", ""},
			{1500 * time.Millisecond, "a", "s", nil, 200, "", ""},
			{0, "a", "s", nil, 429, "59", "Mon, 24 Aug 2015 13:55:00 GMT"},
			{0, "b", "t", nil, 200, "", ""},
			{0, "", "", unknown, 401, "", ""},
			{0, "other", "", nil, 401, "", ""},
			{0, "", "", unknown, 429, "60", "Mon, 24 Aug 2015 13:55:02 GMT"},
			{58*time.Second + 499*time.Millisecond, "a", "s", nil, 429, "1", "Mon, 24 Aug 2015 13:55:00 GMT"},
			{time.Millisecond, "a", "s", nil, 200, "", ""},
			{0, "a", "s", nil, 200, "", ""},
			{0, "a", "s", nil, 429, "60", "Mon, 24 Aug 2015 13:56:00 GMT"},
		} {
			clock.Move(step.after)
			a := ask(t, url, request{path: list, key: step.key, secret: step.secret, at: clock.Now(), edit: step.edit})
			want := step.retryAfter
			if date {
				want = step.until
			}
			if a.Status != step.status || a.Header.Get("Retry-After") != want {
				t.Errorf("%d, date %t: %d, retry after %q, want %q", i, date, a.Status, a.Header.Get("Retry-After"), want)
			}
			if a.Status == http.StatusTooManyRequests && a.Body != refusal("1000", "rate_limit", "Exception: Too many requests.", `"reason":"Too many requests."`) {
				t.Error(a.Body)
			}
		}
		if stats := cloud.Stats(); stats.Answers[429] != 4 || stats.Answers[200] != 5 {
			t.Errorf("%+v", stats)
		}
	}
}

// What comes after the limit's own window is taken, whatever its length.
func TestRateLimitWindow(t *testing.T) {
	t.Parallel()
	clock := newClock()
	_, url := cloudtraxsim.Start(t, cloudtraxsim.Options{Now: clock.Now, RateLimit: cloudtraxsim.RateLimit{Requests: 1, Window: time.Hour}})
	for i, want := range []int{200, 429, 429, 200} {
		if a := ask(t, url, request{path: "/time", at: clock.Now()}); a.Status != want {
			t.Errorf("%d: %d", i, a.Status)
		}
		clock.Move(25 * time.Minute)
	}
}
