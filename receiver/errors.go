package receiver

import (
	"errors"
	"time"
)

// Errors of a push, each of which [Handler] answers with a status of its own.
// A vendor's package wraps them to say what exactly is wrong.
var (
	// ErrMalformed is a push that will never be understood: 400.
	ErrMalformed = errors.New("malformed push")
	// ErrUnauthorized is a push of a sender that nobody configured: 401.
	ErrUnauthorized = errors.New("unknown company or token")
	// ErrTooLarge is a push with more than a device can have to say: 413.
	ErrTooLarge = errors.New("push too large")
	// ErrTooMany is a push that is one too many now and may be sent again
	// later: 429. What wraps it is a [TooManyError].
	ErrTooMany = errors.New("too many pushes")
	// ErrStorage is a push that could not be written to disk, which is not the
	// device's fault: 503.
	ErrStorage = errors.New("storing pushes")
)

// Errors of opening a store.
var (
	// ErrCorrupt is a store whose file was damaged. It has to be moved away.
	ErrCorrupt = errors.New("the store is damaged")
	// ErrLocked is a store that another process has open.
	ErrLocked = errors.New("the store is in use by another process")
)

// TooManyError is [ErrTooMany] with what there is too much of.
type TooManyError struct {
	What       string        // a sentence for whoever looks after the device
	RetryAfter time.Duration // when the push may be taken
}

// Error is the sentence.
func (e *TooManyError) Error() string { return e.What }

// Unwrap is [ErrTooMany].
func (e *TooManyError) Unwrap() error { return ErrTooMany }
