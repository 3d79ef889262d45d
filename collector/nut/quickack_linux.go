package nut

import (
	"net"
	"syscall"
)

// quickACK makes the kernel acknowledge at once what the server sends. upsd
// writes an answer in several small pieces with Nagle's algorithm on, and holds
// each back until the one before is acknowledged; a delayed acknowledgement
// would cost 40 ms in every exchange after the first.
func quickACK(c *net.TCPConn) net.Conn {
	raw, err := c.SyscallConn()
	if err != nil {
		return c
	}
	return &quickConn{TCPConn: c, raw: raw}
}

// quickConn is a connection that keeps TCP_QUICKACK on.
type quickConn struct {
	*net.TCPConn
	raw syscall.RawConn
}

// Read reads from the connection. The kernel switches quick acknowledgement
// off by itself, hence once more before each read; where it cannot be had, the
// answer comes later but comes.
func (c *quickConn) Read(b []byte) (int, error) {
	_ = c.raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
	return c.TCPConn.Read(b)
}
