package synlink

import (
	"fmt"
	"time"
)

const (
	// firstPause is how long user name and password are not sent after they
	// were refused. It doubles each time, up to longestPause.
	firstPause   = time.Minute
	longestPause = 15 * time.Minute
)

// refusals count how often in a row the PDU has refused a password. The zero
// value is none.
type refusals struct {
	count int
	last  error
	until time.Time // when the next is risked
}

// add notes one more.
func (r *refusals) add(err error, now time.Time) {
	r.last, r.until = err, now.Add(min(firstPause<<min(r.count, 10), longestPause))
	r.count++
}

// wait is the error of a reading that is not to be tried yet.
func (r *refusals) wait(now time.Time) error {
	if !now.Before(r.until) {
		return nil
	}
	return fmt.Errorf("%w; they are sent again in %s, so that the account is not locked", r.last, r.until.Sub(now).Round(time.Second))
}
