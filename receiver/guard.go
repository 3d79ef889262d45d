package receiver

import (
	"fmt"
	"runtime/debug"
)

// panicError is a panic that was caught.
type panicError struct {
	value any
	stack []byte
}

// Error says what the panic said.
func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// guard calls f and turns a panic into a *panicError.
func guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{value: v, stack: debug.Stack()}
		}
	}()
	return f()
}

// guardMapped is guard for what reads a file mapped into memory: bbolt panics
// on some damage, and a page that the disk does not give, or that somebody has
// cut off, is a fault, which would end the process.
func guardMapped(f func() error) error {
	before := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(before)
	return guard(f)
}
