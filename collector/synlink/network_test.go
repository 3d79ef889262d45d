package synlink

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
)

// network leads to a PDU within the memory of the test, so that a test in a
// bubble of synctest has a time of its own.
type network struct {
	arrived chan net.Conn
	closed  chan struct{}
	down    atomic.Bool  // nobody answers
	dialled atomic.Int64 // connections so far
	refused atomic.Int64 // tried while nobody answered

	mu   sync.Mutex
	open []net.Conn
}

// playInBubble plays a model in a bubble until the test ends.
func playInBubble(t *testing.T, options synlinksim.Options, model string) (*synlinksim.PDU, *network) {
	t.Helper()
	pdu, n := synlinksim.New(options, synlinksim.MustRecorded(model)), newNetwork()
	served := make(chan error, 1)
	go func() { served <- pdu.Serve(n) }()
	t.Cleanup(func() {
		if err := pdu.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return pdu, n
}

// serveInBubble plays another server.
func serveInBubble(t *testing.T, handler http.Handler) *network {
	t.Helper()
	n, server := newNetwork(), &http.Server{ReadHeaderTimeout: time.Minute, Handler: handler}
	served := make(chan error, 1)
	go func() { served <- server.Serve(n) }()
	t.Cleanup(func() {
		_ = server.Close() // of the network
		n.cut()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return n
}

func newNetwork() *network {
	return &network{arrived: make(chan net.Conn), closed: make(chan struct{})}
}

// options are those of a collector at the other end.
func (n *network) options() Options {
	o := options(&url.URL{Scheme: "http", Host: "pdu.example.net"})
	o.dial = n.dial
	return o
}

// streaming are those of one that reads the stream.
func (n *network) streaming() Options {
	o := n.options()
	o.Access, o.Stream = loggedIn(), true
	return o
}

func (n *network) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if n.down.Load() {
		n.refused.Add(1)
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	here, there := net.Pipe()
	select {
	case n.arrived <- there:
		n.dialled.Add(1)
		n.mu.Lock()
		defer n.mu.Unlock()
		n.open = append(n.open, there)
		return here, nil
	case <-n.closed:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
	}
}

// cut ends all connections, as a PDU does that has lost its power.
func (n *network) cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, conn := range n.open {
		_ = conn.Close() // it may have ended before
	}
	n.open = nil
	synctest.Wait()
}

// Accept implements [net.Listener].
func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.arrived:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (n *network) Close() error {
	close(n.closed)
	return nil
}

// Addr implements [net.Listener].
func (n *network) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }
