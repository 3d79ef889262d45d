package synlink

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// streamer is a PDU whose stream is the answer of ws.
func streamer(ws http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/login":
			w.Header().Set("Token", "s3cret-session")
		case "/ws":
			ws(w, r)
		default:
			_, _ = io.WriteString(w, "[]")
		}
	})
}

// answers is an answer with a status, headers and a body.
func answers(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// says is an answer as it is, after which the connection ends.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, text)
	}
}

// streams begins a WebSocket, and gives it to f.
func streams(f func(net.Conn, *bufio.Reader)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) // RFC 6455
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			base64.StdEncoding.EncodeToString(sum[:]))
		f(conn, buffered.Reader)
	}
}

// sends is a stream that says something once it was shown the session, and ends.
func sends(text string) http.HandlerFunc {
	return streams(func(conn net.Conn, heard *bufio.Reader) {
		if _, err := heard.Read(make([]byte, 4096)); err == nil {
			_, _ = io.WriteString(conn, text)
		}
	})
}

// TestWhyThereIsNoStream meets PDUs that answer the request of a WebSocket, or
// go on after that, in other ways. No error repeats what they say.
func TestWhyThereIsNoStream(t *testing.T) {
	t.Parallel()
	const (
		ws      = "GET http://pdu.example.net/ws: "
		page    = ": a web page came and no WebSocket: does the address lead to the device itself?"
		other   = ": no WebSocket came: does this PDU have a stream?"
		noFrame = "the stream broke: what came is no WebSocket frame"
	)
	for _, tt := range []struct {
		name string
		ws   http.HandlerFunc
		want string
	}{
		{"a web page", answers(200, "\r\n<html>s3cret</html>"), ws + "200 OK" + page},
		{"JSON", answers(200, `{"error":"s3cret"}`), ws + "200 OK" + other},
		{"no content", answers(204, ""), ws + "204 No Content" + other},
		{"trouble with a page", answers(503, "<html>"), ws + "503 Service Unavailable"},
		{
			"elsewhere",
			answers(302, "", "Location", "/login.html?s3cret"),
			ws + "302 Found within http://pdu.example.net, which is not followed: does it want a log-in, or is it not the device?",
		},
		{
			"too often",
			answers(429, "", "Retry-After", "30"),
			ws + "429 Too Many Requests: it is asked too often and wants to be left alone for 30s; scrape it less often, or set the module's cache_ttl",
		},
		{
			"half a head",
			says("HTTP/1.1 200 OK\r\ns3cret-session"),
			ws + `net/http: HTTP/1.x transport connection broken: malformed MIME header: missing colon: "..."`,
		},
		{
			"another protocol",
			says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: s3cret-session\r\nConnection: Upgrade\r\n\r\n"),
			ws + `WebSocket protocol violation: Upgrade header "..." does not contain websocket`,
		},
		{"no answer", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, ws + "no answer in 10s"},
		{"hangs up", says(""), ws + "the server closed the connection"},
		{"no frame", sends("s3cret-session"), noFrame},
		{"a length below zero", sends("\xff\xff\xff\xff and more"), noFrame},
		{"an unknown kind of frame", sends("\x83\x00"), noFrame},
		{"an odd end", sends("\x88\x01s"), noFrame},
		{"ends", sends(""), "the stream broke: the server closed the connection"},
		{"ends within a frame", sends("\x81\x7d{"), "the stream broke: the server closed the connection"},
		{
			"takes nothing",
			streams(func(net.Conn, *bufio.Reader) { pass(time.Minute) }),
			"showing the session: the PDU has not taken it in 10s",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := open(t, serveInBubble(t, streamer(tt.ws)).streaming())
				_, err := c.stream.connect(t.Context())
				wantError(t, err, "opening the stream: "+tt.want)
				pass(time.Minute) // until the PDU has nothing more to do
			})
		})
	}
}

// TestAConnectionThatBreaks shows that what is wrong with a connection is said
// without the words of the library.
func TestAConnectionThatBreaks(t *testing.T) {
	t.Parallel()
	reset := &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	for want, err := range map[string]error{
		"the stream broke: read tcp: read: connection reset by peer": fmt.Errorf("failed to get reader: %w", reset),
		"the stream broke: use of closed network connection":         fmt.Errorf("failed to get reader: %w", io.ErrClosedPipe),
	} {
		wantError(t, ended(t.Context(), err, nil), want)
	}
}

// TestTheStreamWaitsAsAsked counts how often a stream is tried that wants to be
// left alone.
func TestTheStreamWaitsAsAsked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		after string
		long  time.Duration
		tries int64
	}{
		{"120", 10 * time.Minute, 5},
		{strings.Repeat("9", 9), time.Hour, 4},
	} {
		t.Run(tt.after, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var tries atomic.Int64
				refuse := answers(429, "", "Retry-After", tt.after)
				c := open(t, serveInBubble(t, streamer(func(w http.ResponseWriter, r *http.Request) {
					tries.Add(1)
					refuse(w, r)
				})).streaming())
				c.stream.start()
				pass(tt.long)
				if n := tries.Load(); n != tt.tries {
					t.Errorf("tried %d times in %s, want %d", n, tt.long, tt.tries)
				}
			})
		})
	}
}
