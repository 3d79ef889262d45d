package nutsim

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const (
	// chunkSize is how much upsd reads at once. It can be seen from outside:
	// a line that cannot be parsed takes the rest of its chunk with it.
	chunkSize = 512
	// answerLimit is the longest line upsd sends. What is beyond is cut off,
	// the newline with it.
	answerLimit = 512
	// coalesced is how much is kept back at most to be sent at once.
	coalesced = 64 << 10
)

// session is one client's connection and what upsd remembers of it.
type session struct {
	server *Server
	conn   net.Conn // the TLS connection after STARTTLS
	parser parser
	heard  time.Time // when the last line ended

	pending []byte // answers that were not sent yet
	ends    []int  // where each of them ends

	username, password       string
	hasUsername, hasPassword bool
	login                    string // the UPS of LOGIN
	tracking                 bool   // the client wants to hear how its commands end
	secure                   bool   // STARTTLS is done
	upgrade                  bool   // STARTTLS was granted by the last line
	leaving                  bool   // the last line was LOGOUT
}

// newSession is the state of a fresh connection.
func newSession(s *Server, conn net.Conn) *session {
	return &session{server: s, conn: conn, heard: time.Now()}
}

// run answers until the client leaves, which is no error, or the connection
// fails.
func (c *session) run() error {
	defer c.logOut()
	if tcp, ok := c.conn.(*net.TCPConn); ok && c.server.options.SmallWrites {
		if err := tcp.SetNoDelay(false); err != nil {
			return fmt.Errorf("turning Nagle's algorithm on: %w", err)
		}
	}
	chunk := make([]byte, chunkSize)
	for !c.leaving {
		if err := c.conn.SetReadDeadline(c.heard.Add(c.server.options.IdleTimeout)); err != nil {
			return err
		}
		n, err := c.conn.Read(chunk)
		c.server.counts.Add(func(st *Stats) { st.BytesIn += int64(n) })
		if err := c.consume(chunk[:n]); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
	}
	return nil
}

// consume answers the lines that end in what was read at once.
func (c *session) consume(chunk []byte) error {
	for _, b := range chunk {
		words, ended, err := c.parser.feed(b)
		if err != nil {
			break // and the rest of the chunk is lost, as with upsd
		}
		if !ended {
			continue
		}
		c.heard = time.Now()
		c.leaving = false // upsd forgets a LOGOUT when another line follows in the same chunk
		c.obey(words)
		if c.server.options.SmallWrites || len(c.pending) > coalesced || c.upgrade {
			if err := c.send(); err != nil {
				return err
			}
		}
		if c.upgrade {
			if err := c.startTLS(); err != nil {
				return err
			}
		}
	}
	return c.send()
}

// obey answers one line while no UPS changes. Nothing is sent meanwhile, so a
// client that does not read holds nobody up.
func (c *session) obey(words []string) {
	c.server.mu.RLock()
	defer c.server.mu.RUnlock()
	c.command(words)
}

// answer keeps one line to be sent; the newline is added here.
func (c *session) answer(format string, args ...any) {
	line := fmt.Sprintf(format, args...) + "\n"
	c.pending = append(c.pending, line[:min(len(line), answerLimit)]...)
	c.ends = append(c.ends, len(c.pending))
}

// fail answers an error.
func (c *session) fail(code string) {
	c.server.counts.Add(func(st *Stats) { st.Errors[code]++ })
	c.answer("ERR %s", code)
}

// send writes what was answered so far, each line by itself or all at once.
func (c *session) send() error {
	pending, ends := c.pending, c.ends
	c.pending, c.ends = c.pending[:0], c.ends[:0]
	if !c.server.options.SmallWrites && len(ends) > 0 {
		ends = []int{len(pending)}
	}
	start := 0
	for _, end := range ends {
		n, err := c.conn.Write(pending[start:end])
		c.server.counts.Add(func(st *Stats) { st.BytesOut += int64(n) })
		if err != nil {
			return fmt.Errorf("writing: %w", err)
		}
		start = end
	}
	return nil
}

// startTLS makes the connection a TLS one. What the client sent in clear
// behind STARTTLS in the same chunk is answered inside TLS, as upsd does.
func (c *session) startTLS() error {
	conn := tls.Server(c.conn, &tls.Config{
		Certificates: []tls.Certificate{*c.server.options.Certificate},
		MinVersion:   tls.VersionTLS12,
	})
	// The read deadline holds for the handshake, too.
	if err := conn.HandshakeContext(c.server.ctx); err != nil {
		return fmt.Errorf("starting TLS: %w", err)
	}
	c.conn, c.secure, c.upgrade = conn, true, false
	return nil
}

// host is the client's address without its port.
func (c *session) host() string {
	remote := c.conn.RemoteAddr().String()
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}

// quote writes a value in quotes, with a backslash before what means something
// to NUT's parser there, which # does, too.
func quote(value string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(value) {
		if value[i] == '"' || value[i] == '\\' || value[i] == '#' {
			b.WriteByte('\\')
		}
		b.WriteByte(value[i])
	}
	b.WriteByte('"')
	return b.String()
}
