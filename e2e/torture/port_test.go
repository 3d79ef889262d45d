package torture

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// port is a listener of this machine that can stop listening and begin again,
// and can keep connections from whoever serves it.
type port struct {
	*net.TCPListener
	address string

	mu      sync.Mutex
	open    map[net.Conn]struct{}
	meet    func(net.Conn) // gets each connection, and closes it; nil for who serves
	stopped chan struct{}  // closed when it listens again; nil while it does
	parked  chan struct{}  // gets a value when Accept waits for that
	closed  bool
	filler  net.Conn
	meets   sync.WaitGroup
}

// ports are where the tests look for free ones: below those that the kernel gives
// away, of which one that does not listen would soon be somebody else's. They
// begin anywhere, so that tests that run beside these look elsewhere.
var (
	firstPort = rand.Uint32N(18_000)
	ports     atomic.Uint32
)

// listen listens on a port that stays ours when it is refused.
func listen(t *testing.T) net.Listener {
	t.Helper()
	for range 10_000 {
		address := fmt.Sprintf("127.0.0.1:%d", 12_000+(firstPort+ports.Add(1))%18_000)
		if l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address); err == nil {
			return l
		}
	}
	t.Fatal("there is no free port")
	return nil
}

// newPort listens on a free port until the test ends.
func newPort(t *testing.T) *port {
	t.Helper()
	l := listen(t)
	p := &port{TCPListener: l.(*net.TCPListener), address: l.Addr().String(), open: map[net.Conn]struct{}{}, parked: make(chan struct{})}
	t.Cleanup(func() {
		p.well(t)
		_ = p.Close()
		p.hangUp()
		p.meets.Wait()
	})
	return p
}

// Close implements net.Listener.
func (p *port) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	return p.TCPListener.Close()
}

// Accept implements net.Listener.
func (p *port) Accept() (net.Conn, error) {
	for {
		c, err := p.TCPListener.Accept()
		p.mu.Lock()
		meet, stopped, closed := p.meet, p.stopped, p.closed
		if c != nil {
			c = &tracked{Conn: c, port: p}
			p.open[c] = struct{}{}
			if meet != nil {
				p.meets.Go(func() { defer c.Close(); meet(c) })
			}
		}
		p.mu.Unlock()
		switch {
		case err == nil && meet == nil:
			return c, nil
		case err != nil && closed:
			return nil, err
		case err != nil && stopped != nil:
			p.parked <- struct{}{}
			<-stopped
		}
	}
}

// fail has every connection from now on given to f.
func (p *port) fail(f func(net.Conn)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.meet = f
}

// hangUp closes every connection that is open.
func (p *port) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.(*tracked).Conn.Close()
	}
	clear(p.open)
}

// resetAll resets every connection that is open.
func (p *port) resetAll() {
	p.mu.Lock()
	open := slices.Collect(maps.Keys(p.open))
	p.mu.Unlock()
	for _, c := range open {
		reset(c)
	}
}

// refuse has connections refused, without giving the port away.
func (p *port) refuse(t *testing.T) {
	t.Helper()
	p.stop()
	p.control(t, func(fd int) error { return syscall.Shutdown(fd, syscall.SHUT_RD) })
}

// ignore leaves the requests for connections without an answer: the kernel
// drops them while the queue of those that wait is full.
func (p *port) ignore(t *testing.T) {
	t.Helper()
	p.stop()
	p.control(t, func(fd int) error { return syscall.Listen(fd, 0) })
	filler, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.filler = filler
}

// stop ends the accepting of connections, and returns when no more are taken.
func (p *port) stop() {
	p.mu.Lock()
	p.stopped = make(chan struct{})
	p.mu.Unlock()
	_ = p.SetDeadline(time.Unix(1, 0)) // a listener that was closed accepts none
	<-p.parked
}

// well ends whatever fail, refuse and ignore have begun.
func (p *port) well(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	p.meet = nil
	stopped, filler := p.stopped, p.filler
	p.stopped, p.filler = nil, nil
	p.mu.Unlock()
	if filler != nil {
		_ = filler.Close()
	}
	if stopped == nil {
		return
	}
	p.control(t, func(fd int) error { return syscall.Listen(fd, syscall.SOMAXCONN) })
	if err := p.SetDeadline(time.Time{}); err != nil {
		t.Error(err)
	}
	close(stopped)
}

// control calls f with the socket.
func (p *port) control(t *testing.T, f func(fd int) error) {
	t.Helper()
	raw, err := p.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	if err := errors.Join(raw.Control(func(fd uintptr) { failed = f(int(fd)) }), failed); err != nil {
		t.Fatalf("port %s: %v", p.address, err)
	}
}

// tracked is a connection that its port knows.
type tracked struct {
	net.Conn
	port *port
}

// Close implements io.Closer.
func (c *tracked) Close() error {
	c.port.mu.Lock()
	delete(c.port.open, c)
	c.port.mu.Unlock()
	return c.Conn.Close()
}
