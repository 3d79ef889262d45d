package cloudtrax

import (
	"errors"
	"net/http"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
)

const (
	// usualWait is how long nothing is asked after 429 without a Retry-After.
	usualWait = time.Minute
	// longestWait is how long a Retry-After is believed. Beyond that one request
	// asks whether it still holds.
	longestWait = time.Hour
)

// wait is how long the service asked not to be asked. It counts the requests of a
// key, so that this is the gate's, which all networks of the key share.
type wait struct{ gate *collector.Gate }

// waitError says that nothing may be asked until then.
type waitError struct{ until time.Time }

func (e *waitError) Error() string {
	return "the service asks to wait until " + e.until.UTC().Format(time.RFC3339)
}

// isWaiting reports whether a request failed, or was not even made, because the
// service asked to wait.
func isWaiting(err error) bool {
	_, ok := errors.AsType[*waitError](err)
	return ok
}

// over is nil when the service may be asked.
func (w wait) over() error {
	if until := w.end(); time.Now().Before(until) {
		return &waitError{until}
	}
	return nil
}

// end is until when the service asked to wait the last time.
func (w wait) end() time.Time { return w.gate.Paused() }

// heed looks whether the error of a request asks to wait, and says so then.
func (w wait) heed(err error) error {
	refused, ok := errors.AsType[*rest.StatusError](err)
	if !ok {
		return nil
	}
	length := refused.RetryAfter
	switch refused.Code {
	case http.StatusTooManyRequests:
		if length == 0 {
			length = usualWait
		}
	case http.StatusServiceUnavailable:
	default:
		return nil
	}
	if length == 0 {
		return nil
	}
	w.gate.Pause(time.Now().Add(min(length, longestWait)))
	return &waitError{w.end()}
}
