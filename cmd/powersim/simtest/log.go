package simtest

import (
	"strings"
	"sync"
)

// Log is a log that can be read while it is written. The zero Log is empty. All
// its methods may be called at any time from any goroutine.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write takes a part of the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is the log so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
