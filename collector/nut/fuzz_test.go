package nut

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"
)

// recorded is a connection on which a recorded answer comes in, and what is
// sent is forgotten.
type recorded struct {
	net.Conn
	answer *bytes.Reader
}

func (r recorded) Read(b []byte) (int, error)       { return r.answer.Read(b) }
func (r recorded) Write(b []byte) (int, error)      { return len(b), nil }
func (r recorded) SetWriteDeadline(time.Time) error { return nil }

// FuzzAnswers reads arbitrary bytes as the answer to everything that is ever
// asked. Whatever they are, the reading ends, says what is wrong, and has no
// UPS that is both read and failed.
func FuzzAnswers(f *testing.F) {
	const secret = "pa55word"
	for _, seed := range []string{
		"OK\nOK\nBEGIN LIST UPS\nUPS a \"A\"\nUPS b \"\"\nEND LIST UPS\nBEGIN LIST VAR a\nVAR a ups.status \"OL\"\nEND LIST VAR a\nERR DATA-STALE\n",
		"OK\nOK\nBEGIN LIST UPS\nUPS c \"C\"\nEND LIST UPS\nERR UNKNOWN-UPS\nERR UNKNOWN-UPS\nBEGIN LIST VAR c\nVAR c x \"\\\"\\\\\"\nEND LIST VAR c\n",
		"OK\nERR ACCESS-DENIED\n",
		"OK\nOK\nBEGIN LIST UPS\nUPS a \"A\"\nUPS a \"A\"\nEND LIST UPS\nBEGIN LIST VAR a\nVAR a broken\nVAR a x \"open\nEND LIST VAR a\nBEGIN LIST VAR b\nEND LIST VAR b\n",
		"USERNAME u\nPASSWORD pa55word\n",
		"OK\nERR pa55word\n",
		"HTTP/1.1 400 Bad Request\r\n\r\n",
		"\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		c := client{username: "u", password: secret}
		conn := &conn{secret: secret}
		conn.use(recorded{answer: bytes.NewReader(answer)})
		x := exchange{ctx: t.Context(), conn: conn, read: map[string]UPS{}}
		list, err := x.result(c.converse(&x, []string{"a", "b"}))
		for _, ups := range list {
			if (ups.Err == nil) != (ups.Variables != nil) {
				t.Errorf("%s has %d variables and the error %v", ups.Name, len(ups.Variables), ups.Err)
			}
			if ups.Err != nil && !down(ups.Err) && err == nil {
				t.Errorf("%s failed with %v, and the reading did not", ups.Name, ups.Err)
			}
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows the password: %v", err)
		}
	})
}
