package collector

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"power_exporter/power"
)

// ErrPanic is wrapped by the error of a reading during which a collector
// panicked.
var ErrPanic = errors.New("panic")

// panicError is what a collector panicked with.
type panicError struct {
	value string
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("%v: %s", ErrPanic, e.value) }

func (e *panicError) Unwrap() error { return ErrPanic }

// Guard calls f on a goroutine of a collector's own, which nobody else would
// keep from ending the process: a panic becomes an error that wraps ErrPanic,
// and is logged with its stack.
func Guard(ctx context.Context, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{value: fmt.Sprint(v), stack: debug.Stack()}
			Logger(ctx).Error("collector panicked", "err", err, "stack", string(debug.Stack()))
		}
	}()
	return f()
}

// Result is what became of a reading. It is shared between all who asked for
// it, so nothing in it may be modified.
type Result struct {
	Devices  []power.Device // what could be read, validated
	Err      error          // what could not
	Mended   []error        // what validation had to change
	Requests []Request
	Taken    time.Time     // when the reading was complete
	Duration time.Duration // how long the reading took
	Cached   bool          // made for somebody else: another scrape at the same time, or an earlier one

	kept     bool          // the collector kept it, and the pool must not
	allowed  time.Duration // how long the reading might have taken
	timedOut bool          // whether that was too short
}
