// Package pipenet is a network within the process: in a bubble of
// [testing/synctest] the deadlines of its connections are those of the bubble, so
// that a test of a server's patience takes no time.
package pipenet

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"testing"
)

// Listener is where a server gets its connections.
type Listener struct {
	dialled chan net.Conn
	closed  chan struct{}
	close   sync.Once
}

// Serve runs a server until the test ends.
func Serve(t *testing.T, server *http.Server) *Listener {
	t.Helper()
	l := &Listener{dialled: make(chan net.Conn), closed: make(chan struct{})}
	ended := make(chan error)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l
}

// Dial connects from 192.0.2.1. The connection holds nothing: who writes waits
// until the other end reads.
func (l *Listener) Dial() net.Conn { return l.DialFrom("192.0.2.1") }

// DialFrom connects from an address of IP, which has to be a valid one.
func (l *Listener) DialFrom(address string) net.Conn {
	from := net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(address), 49152))
	ours, theirs := net.Pipe()
	select {
	case l.dialled <- &conn{theirs, from}:
	case <-l.closed:
		_ = theirs.Close()
	}
	return ours
}

// Accept implements [net.Listener].
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.dialled:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (l *Listener) Close() error {
	l.close.Do(func() { close(l.closed) })
	return nil
}

// Addr implements [net.Listener].
func (*Listener) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }

// conn is a connection from an address.
type conn struct {
	net.Conn
	from net.Addr
}

// RemoteAddr implements [net.Conn].
func (c *conn) RemoteAddr() net.Addr { return c.from }
