package nutsim

import (
	"context"
	"net"
)

// TB is the part of testing.TB that Start uses, so that the package does not
// bring the testing package into a program.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Start serves the given UPSes on a free port of 127.0.0.1 until the test
// ends, and gives the server and its address.
func Start(tb TB, options Options, units ...UPS) (server *Server, address string) {
	tb.Helper()
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listening: %v", err)
	}
	server = New(options, units...)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	tb.Cleanup(func() {
		if err := server.Close(); err != nil {
			tb.Errorf("closing nutsim: %v", err)
		}
		if err := <-served; err != nil {
			tb.Errorf("serving nutsim: %v", err)
		}
	})
	return server, l.Addr().String()
}
