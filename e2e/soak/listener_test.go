package soak

import (
	"math/rand/v2"
	"net"
	"sync/atomic"
)

// rudeness is how a server treats its clients below its protocol.
type rudeness int

const (
	polite  rudeness = iota
	resets           // the connection is reset at once
	hangs            // nothing that a client says is heard
	cuts             // an answer ends after some bytes
	babbles          // what is said is no answer
	rudenesses
)

// cutAfter is how many bytes of an answer come before it is cut off.
const cutAfter = 300

// rudeListener lets a server of any protocol misbehave.
type rudeListener struct {
	net.Listener
	mode atomic.Int64
}

// Accept implements net.Listener.
func (l *rudeListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	mode := rudeness(l.mode.Load())
	if err != nil || mode == polite {
		return conn, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok && mode == resets {
		_ = tcp.SetLinger(0) // a connection that has ended needs no reset
		_ = conn.Close()     // the server finds out when it reads
	}
	return &rudeConn{Conn: conn, mode: mode}, nil
}

// trouble makes the server rude until end is called.
func (l *rudeListener) trouble(r *rand.Rand) (end func()) {
	l.mode.Store(1 + r.Int64N(int64(rudenesses)-1))
	return func() { l.mode.Store(int64(polite)) }
}

// rudeConn is a connection of a rudeListener.
type rudeConn struct {
	net.Conn
	mode rudeness
	sent int
}

// Read implements net.Conn.
func (c *rudeConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	for c.mode == hangs && err == nil {
		n, err = c.Conn.Read(p)
	}
	if err != nil {
		return 0, err
	}
	return n, nil
}

// Write implements net.Conn.
func (c *rudeConn) Write(p []byte) (int, error) {
	switch c.mode {
	case babbles:
		if _, err := c.Conn.Write([]byte("HTTP/1.1 200 OK\r\n\r\n\x00\xff")); err != nil {
			return 0, err
		}
		return len(p), nil
	case cuts:
		if c.sent+len(p) > cutAfter {
			n, err := c.Conn.Write(p[:cutAfter-c.sent])
			_ = c.Close()
			return n, err
		}
	default:
	}
	n, err := c.Conn.Write(p)
	c.sent += n
	return n, err
}
