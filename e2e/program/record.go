package program

import (
	"strings"
	"sync"
)

// Record is text that is written by one goroutine and read by another. Its zero
// value is empty.
type Record struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (r *Record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

// String is what was written so far.
func (r *Record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}
