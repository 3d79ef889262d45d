package upsd

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// quickReader reads a connection on which the kernel acknowledges at once. The
// kernel forgets TCP_QUICKACK as it goes (tcp(7)), so it is set for each read.
type quickReader struct {
	net.Conn
	raw syscall.RawConn
}

// newQuickReader reads a TCP connection.
func newQuickReader(conn net.Conn) (*quickReader, error) {
	tcp, ok := conn.(syscall.Conn)
	if !ok {
		return nil, errors.New("no TCP connection")
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil, err
	}
	return &quickReader{Conn: conn, raw: raw}, nil
}

// Read sets TCP_QUICKACK and reads.
func (q *quickReader) Read(p []byte) (int, error) {
	var failed error
	err := q.raw.Control(func(fd uintptr) {
		failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
	if err := errors.Join(err, failed); err != nil {
		return 0, fmt.Errorf("setting TCP_QUICKACK: %w", err)
	}
	return q.Conn.Read(p)
}
