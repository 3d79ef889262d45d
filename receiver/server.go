package receiver

import (
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Times and sizes of the push listener. A push is a few kilobytes over a link
// that may be slow; whoever needs longer is not a device.
const (
	headTime  = 10 * time.Second
	readTime  = 30 * time.Second
	writeTime = time.Minute
	idleTime  = 30 * time.Second
	maxHead   = 8 << 10
	// maxConnections is less than the files that a process may usually have
	// open, and more than a fleet opens at a time.
	maxConnections = 8192
)

// NewServer is the server of the push listener. It holds a fixed number of
// connections and none of them for long, so that clients who send slowly or
// nothing at all cost little, and the rest of the exporter nothing.
func NewServer(handler http.Handler, logger *slog.Logger) *http.Server {
	c := connections{limit: maxConnections}
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHead,
		ConnState:         c.changed,
		// Anybody on the Internet can cause such a line.
		ErrorLog:                     slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
		DisableGeneralOptionsHandler: true,
	}
}

// connections counts those that are open.
type connections struct {
	limit int64
	open  atomic.Int64
}

// changed closes a new connection that is one too many.
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if c.open.Add(1) > c.limit {
			_ = conn.Close()
		}
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	case http.StateActive, http.StateIdle:
	}
}
