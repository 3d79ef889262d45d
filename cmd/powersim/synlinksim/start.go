package synlinksim

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

// Start plays a model on a free port of 127.0.0.1 until the test ends, and
// gives the PDU and its URL, without a slash at the end: https if Options has a
// certificate.
func Start(tb TB, options Options, model Model) (pdu *PDU, url string) {
	tb.Helper()
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listening: %v", err)
	}
	pdu = New(options, model)
	served := make(chan error, 1)
	go func() { served <- pdu.Serve(l) }()
	tb.Cleanup(func() {
		if err := pdu.Close(); err != nil {
			tb.Errorf("closing synlinksim: %v", err)
		}
		if err := <-served; err != nil {
			tb.Errorf("serving synlinksim: %v", err)
		}
	})
	return pdu, pdu.scheme() + l.Addr().String()
}
