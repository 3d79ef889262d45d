// Package simtest lets tests run the simulated devices, whatever they simulate,
// and ask those that have a web server.
package simtest

import (
	"context"
	"net"
)

// TB is the part of testing.TB that is needed here, so that no program brings
// the testing package with it.
type TB interface {
	Helper()
	Context() context.Context
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Server is a simulated device that answers connections until it is closed.
type Server interface {
	Serve(l net.Listener) error
	Close() error
}

// Start serves on a free port of 127.0.0.1 until the test ends, and gives the
// address.
func Start(tb TB, server Server) (address string) {
	tb.Helper()
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listening: %v", err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	tb.Cleanup(func() {
		if err := server.Close(); err != nil {
			tb.Errorf("closing %T: %v", server, err)
		}
		if err := <-served; err != nil {
			tb.Errorf("serving %T: %v", server, err)
		}
	})
	return l.Addr().String()
}
