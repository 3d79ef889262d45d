package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"power_exporter/bench/pdu"
)

// barePDU does the least that reads a PDU: it asks the same endpoints over
// connections that it keeps, reads each answer to its end, and understands
// nothing of it.
type barePDU struct {
	addr  string
	conns []*bareConn // one for each request that is made at a time; nil where there is none yet
}

// newBarePDU is a client that makes so many requests at a time.
func newBarePDU(addr string, atATime int) *barePDU {
	return &barePDU{addr: addr, conns: make([]*bareConn, atATime)}
}

// read asks all endpoints.
func (b *barePDU) read(ctx context.Context) error {
	endpoints := pdu.Endpoints()
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, len(b.conns))
	for i := range b.conns {
		all.Go(func() {
			if b.conns[i] == nil {
				if b.conns[i], errs[i] = dialBare(ctx, b.addr); errs[i] != nil {
					return
				}
			}
			for n := int(next.Add(1)); n <= len(endpoints) && errs[i] == nil; n = int(next.Add(1)) {
				errs[i] = b.conns[i].get("/api/" + endpoints[n-1])
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// hangUp closes the connections.
func (b *barePDU) hangUp() error {
	var errs []error
	for i, c := range b.conns {
		if c != nil {
			errs = append(errs, c.Close())
			b.conns[i] = nil
		}
	}
	return errors.Join(errs...)
}

// bareConn is a connection to a web server.
type bareConn struct {
	net.Conn
	answers *bufio.Reader
}

// dialBare connects.
func dialBare(ctx context.Context, addr string) (*bareConn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &bareConn{conn, bufio.NewReader(conn)}, nil
}

// get asks for something.
func (c *bareConn) get(path string) error {
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.Conn, "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", path, c.RemoteAddr(), pdu.Token)
	if err != nil {
		return err
	}
	answer, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, answer.Status)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
