package receiver

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/internal/pipenet"
)

// rest reads all that the server says until it closes the connection, and how
// long that takes.
func rest(t *testing.T, conn net.Conn) (said string, took time.Duration) {
	t.Helper()
	start := time.Now()
	data, err := io.ReadAll(conn)
	if err != nil {
		t.Error(err)
	}
	_ = conn.Close()
	return string(data), time.Since(start)
}

// TestSlowClients shows how long somebody can hold a connection who sends
// slowly, or nothing.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	const head = "POST " + good + " HTTP/1.1\r\nHost: exporter\r\nContent-Length: 100\r\n"
	for name, test := range map[string]struct {
		send   string
		repeat string // every second
		took   time.Duration
		status string
		result Result
	}{
		"nothing":       {"", "", headTime, "", ""},
		"half a head":   {head, "", headTime, "", ""},
		"a slow head":   {head, "X: y\r\n", headTime, "", ""},
		"no body":       {head + "\r\n", "", readTime, "400 Bad Request", Aborted},
		"a slow body":   {head + "\r\n", "1", readTime, "400 Bad Request", Aborted},
		"a long head":   {head + "X: " + strings.Repeat("x", 2*maxHead) + "\r\n", "", 0, "431 Request Header Fields Too Large", ""},
		"idle at last":  {"POST " + good + " HTTP/1.1\r\nHost: exporter\r\nContent-Length: 2\r\n\r\n{}", "", idleTime, "200 OK", Accepted},
		"options":       {"OPTIONS * HTTP/1.1\r\nHost: exporter\r\nConnection: close\r\n\r\n", "", 0, "404 Not Found", Unknown},
		"not even HTTP": {"\x16\x03\x01\r\n\r\n", "", 0, "400 Bad Request", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := openOn(t, newMemory(), Options{})
				f := newFixture(t, fakeEndpoint(t, s))
				conn := pipenet.Serve(t, NewServer(f, quiet())).Dial()
				sent := make(chan struct{})
				go func() {
					defer close(sent)
					_, err := io.WriteString(conn, test.send)
					for err == nil && test.repeat != "" {
						pass(time.Second)
						_, err = io.WriteString(conn, test.repeat)
					}
				}()
				said, took := rest(t, conn)
				// The server may wait half a second before it closes a
				// connection on which it has refused something.
				if took.Truncate(time.Second) != test.took {
					t.Errorf("it was closed after %s, want %s", took, test.took)
				}
				if !strings.HasPrefix(strings.TrimPrefix(said, "HTTP/1.1 "), test.status) || (test.status == "") != (said == "") {
					t.Errorf("it said %q, want %q", said, test.status)
				}
				calls := strings.Join(f.observed.take(), ", ")
				if test.result == "" && calls != "" || !strings.HasSuffix(calls, string(test.result)) {
					t.Errorf("observed were %q, want %q", calls, test.result)
				}
				<-sent
				closeStore(t, s)
			})
		})
	}
}
