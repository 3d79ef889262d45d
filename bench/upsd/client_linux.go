package upsd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// answerSize is more than five UPSes answer, so that reads are as few as the
// network makes them.
const answerSize = 64 << 10

// Client is the least that speaks NUT's protocol (RFC 9271).
type Client struct {
	conn net.Conn
	in   *bufio.Reader
}

// Dial connects. With quick, every read asks the kernel for immediate ACKs.
func Dial(ctx context.Context, addr string, quick bool) (*Client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	var in io.Reader = conn
	if quick {
		in, err = newQuickReader(conn)
		if err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return &Client{conn: conn, in: bufio.NewReaderSize(in, answerSize)}, nil
}

// Close closes the connection.
func (c *Client) Close() error { return c.conn.Close() }

// List sends one LIST command for each subject, all in one write, and hands
// each line of the answers to each, which may be nil. It takes 10 s at most.
func (c *Client) List(each func(line string), subjects ...string) error {
	if err := c.conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	var request strings.Builder
	for _, s := range subjects {
		request.WriteString("LIST " + s + "\n")
	}
	if _, err := io.WriteString(c.conn, request.String()); err != nil {
		return fmt.Errorf("asking: %w", err)
	}
	for _, s := range subjects {
		if err := c.answer(each, "END LIST "+s); err != nil {
			return fmt.Errorf("reading LIST %s: %w", s, err)
		}
	}
	return nil
}

// answer reads lines up to the one that ends the answer.
func (c *Client) answer(each func(line string), end string) error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		switch text := strings.TrimSuffix(string(line), "\n"); {
		case text == end:
			return nil
		case strings.HasPrefix(text, "ERR "):
			return errors.New(text)
		case each != nil:
			each(text)
		}
	}
}

// Names asks for the names of the server's UPSes.
func (c *Client) Names() ([]string, error) {
	var names []string
	err := c.List(func(line string) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "UPS" {
			names = append(names, fields[1])
		}
	}, "UPS")
	return names, err
}

// Variables are the subjects of List for the variables of these UPSes.
func Variables(names []string) []string {
	subjects := make([]string, 0, len(names))
	for _, name := range names {
		subjects = append(subjects, "VAR "+name)
	}
	return subjects
}
