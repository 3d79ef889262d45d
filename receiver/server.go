package receiver

import (
	"log/slog"
	"net/http"
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
)

// NewServer is the server of the push listener. It holds a fixed number of
// connections and none of them for long, so that clients who send slowly or
// nothing at all cost little, and the rest of the exporter nothing.
func NewServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return newServer(handler, newConnections(maxConnections, maxOfOne), logger)
}

// newServer is NewServer with other limits.
func newServer(handler http.Handler, c *connections, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHead,
		ConnContext:       c.opened,
		ConnState:         c.changed,
		// Anybody on the Internet can cause such a line.
		ErrorLog:                     slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
		DisableGeneralOptionsHandler: true,
	}
}
