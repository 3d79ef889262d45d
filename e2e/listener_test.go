package e2e

import (
	"bufio"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"power_exporter/e2e/program"
)

// listener is a server of the test's own, which notes who came and what was
// said.
type listener struct {
	address     string
	connections atomic.Int64
	heard       program.Record
}

// listen serves every connection with talk, which owns it, until the test ends.
// What talk reads is noted.
func listen(t *testing.T, talk func(net.Conn)) *listener {
	t.Helper()
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{address: socket.Addr().String()}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			c, err := socket.Accept()
			if err != nil {
				return
			}
			l.connections.Add(1)
			talks.Go(func() {
				defer c.Close()
				talk(noting{c, &l.heard})
			})
		}
	})
	t.Cleanup(func() {
		_ = socket.Close()
		talks.Wait()
	})
	return l
}

// noting is a connection that notes what is read from it.
type noting struct {
	net.Conn
	heard *program.Record
}

// Read implements io.Reader.
func (c noting) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	_, _ = c.heard.Write(p[:n])
	return n, err
}

// silence hears a client out and never says anything.
func silence(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// rebuff hangs up at the client's first line.
func rebuff(c net.Conn) { _, _ = bufio.NewReader(c).ReadString('\n') }

// mirror accepts the client's first line, and sends back all others.
func mirror(c net.Conn) {
	lines := bufio.NewReader(c)
	_, _ = lines.ReadString('\n')
	_, _ = io.WriteString(c, "OK\n")
	_, _ = io.Copy(c, lines)
}
