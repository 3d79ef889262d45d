package nut

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"
)

const (
	// maxAnswer bounds all that is read in one exchange: a server with 1,000
	// UPSes of 200 variables sends about 10 MiB.
	maxAnswer = 16 << 20
	// maxLine bounds one line; upsd's own values end at 512 bytes.
	maxLine = 64 << 10
)

var (
	errAnswerTooLong = fmt.Errorf("the answer is longer than %d MiB", maxAnswer>>20)
	errLineTooLong   = fmt.Errorf("a line of the answer is longer than %d KiB", maxLine>>10)
)

// conn is one connection to a NUT server.
type conn struct {
	net.Conn
	raw     *net.TCPConn // beneath TLS
	answers *bufio.Reader
	limit   *io.LimitedReader
	words   []string // of the present line; reused
	skipped int      // lines that were left out
	secret  string   // what no error may show; "" for nothing
	stop    func() bool
}

// dial connects. Reads and writes fail when ctx ends.
func dial(ctx context.Context, address string) (*conn, error) {
	var dialer net.Dialer
	nc, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	raw := nc.(*net.TCPConn)
	c := &conn{raw: raw}
	c.use(quickACK(raw))
	// A deadline in the past ends a blocked read or write at once.
	c.stop = context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	return c, nil
}

// use makes c read and write through nc from now on.
func (c *conn) use(nc net.Conn) {
	c.Conn = nc
	c.limit = &io.LimitedReader{R: nc, N: maxAnswer}
	c.answers = bufio.NewReaderSize(c.limit, 16<<10)
}

// farewell is how long a server may take to notice that we are gone.
const farewell = time.Second

// hangUp ends the connection, and calls gone once the server has noticed: only
// then is its place for a client free again. It does not wait for that.
//
// There is no LOGOUT, since we never LOGIN: that would count us among the
// computers the server waits for before it cuts the power.
func (c *conn) hangUp(gone func()) {
	c.stop()
	if err := c.raw.CloseWrite(); err != nil {
		_ = c.raw.Close() // it is broken already
		gone()
		return
	}
	go func() {
		defer gone()
		defer c.raw.Close()
		_ = c.raw.SetDeadline(time.Now().Add(farewell))
		_, _ = io.Copy(io.Discard, c.raw)
	}()
}

// startTLS asks for TLS and shakes hands. It never goes on in plain text: what
// follows may be a password.
func (c *conn) startTLS(ctx context.Context, config *tls.Config) error {
	if _, err := io.WriteString(c, "STARTTLS\n"); err != nil {
		return err
	}
	if err := c.ok(); err != nil {
		return err
	}
	// What is buffered came before the handshake, from whoever sent it.
	secured := tls.Client(c.Conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		// The context's end and the connection's deadline are the same moment.
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
			err = fmt.Errorf("no answer in time: %w", context.DeadlineExceeded)
		}
		return fmt.Errorf("TLS handshake: %w", err)
	}
	c.use(secured)
	return nil
}

// atOnce is how many bytes every kernel takes without the other side reading.
const atOnce = 4 << 10

// send writes requests, in the background if they are many: a server that
// answers before it has read everything cannot block us both then. The returned
// function waits for the end of writing.
func (c *conn) send(requests []request) (wait func() error) {
	var lines strings.Builder
	for _, r := range requests {
		lines.WriteString(r.line)
		lines.WriteByte('\n')
	}
	if lines.Len() <= atOnce {
		_, err := io.WriteString(c.Conn, lines.String())
		return func() error { return err }
	}
	done := make(chan error, 1)
	go func() {
		_, err := io.WriteString(c.Conn, lines.String())
		done <- err
	}()
	return func() error { return <-done }
}

// line reads the words of one line; they are valid until the next call. An ERR
// line is a [ServerError].
func (c *conn) line() ([]string, error) {
	text, err := c.text()
	if err != nil {
		return nil, err
	}
	if c.words, err = splitLine(c.words[:0], text); err != nil {
		return nil, fmt.Errorf("line %q: %w", c.shown(text), err)
	}
	if len(c.words) > 1 && c.words[0] == "ERR" {
		return nil, &ServerError{Code: c.shown(c.words[1])}
	}
	return c.words, nil
}

// text reads one line without its end.
func (c *conn) text() (string, error) {
	var text []byte
	for {
		part, err := c.answers.ReadSlice('\n')
		if text == nil {
			text = part // nearly always the whole line
		} else {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && len(text) <= maxLine:
			text = slices.Clone(text) // the next read overwrites it
			continue
		case len(text) > maxLine:
			return "", errLineTooLong
		case errors.Is(err, io.EOF) && c.limit.N <= 0:
			return "", errAnswerTooLong
		case errors.Is(err, io.EOF):
			return "", errors.New("the server closed the connection")
		case errors.Is(err, os.ErrDeadlineExceeded):
			return "", fmt.Errorf("no answer in time: %w", err)
		case err != nil:
			return "", err
		}
		return strings.TrimRight(string(text), "\r\n"), nil
	}
}

// ok reads the answer to a command that has nothing to tell.
func (c *conn) ok() error {
	words, err := c.line()
	if err != nil {
		return err
	}
	if len(words) == 0 || words[0] != "OK" {
		return c.unexpected("OK", words)
	}
	return nil
}

// list reads the answer to "LIST <asked>": item is called with the words of
// each line, less those that repeat what was asked, and says whether it could
// use them. The words are valid only during the call. A line that makes no
// sense is left out, since every other line still does.
func (c *conn) list(asked []string, item func(words []string) bool) error {
	words, err := c.line()
	if err != nil {
		return err
	}
	if !hasPrefix(words, "BEGIN", "LIST") || !hasPrefix(words[2:], asked...) {
		return c.unexpected("BEGIN LIST "+strings.Join(asked, " "), words)
	}
	for {
		words, err = c.line()
		switch {
		case errors.Is(err, errUnterminated):
			c.skipped++
		case err != nil:
			return err
		case hasPrefix(words, "END", "LIST") && hasPrefix(words[2:], asked...):
			return nil
		case !hasPrefix(words, asked...):
			return c.unexpected(strings.Join(asked, " "), words)
		case !item(words[len(asked):]):
			c.skipped++
		}
	}
}

// unexpected says what came instead of what was to come.
func (c *conn) unexpected(want string, got []string) error {
	return fmt.Errorf("not the NUT protocol: expected %q, got %q", want, c.shown(strings.Join(got, " ")))
}

// shown is what an error may say of a text from the server: its beginning,
// since it may be of any length, and without the secret, since a server that is
// none may send back what it gets.
func (c *conn) shown(text string) string {
	const enough = 80
	if c.secret != "" {
		text = strings.NewReplacer(quote(c.secret), "<secret>", escape(c.secret), "<secret>", c.secret, "<secret>").Replace(text)
	}
	if len(text) <= enough {
		return text
	}
	return text[:enough] + "…"
}

// hasPrefix says whether words begin with all of prefix.
func hasPrefix(words []string, prefix ...string) bool {
	return len(words) >= len(prefix) && slices.Equal(words[:len(prefix)], prefix)
}
