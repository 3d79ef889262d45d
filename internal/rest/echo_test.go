package rest

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// TestAnEcho asks servers that repeat what they hear where HTTP has other
// words, and shows that no error repeats a secret.
func TestAnEcho(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(heard string) string{
		"all of it": func(heard string) string { return heard },
		"in the status": func(heard string) string {
			return "HTTP/1.1 " + strings.ReplaceAll(heard, "\r\n", " ") + "\r\n\r\n"
		},
		"in a header": func(heard string) string {
			return "HTTP/1.1 200 OK\r\n" + strings.ReplaceAll(strings.ReplaceAll(heard, ":", " "), "\r\n", " ") + "\r\n\r\n"
		},
		"as a length": func(string) string {
			return "HTTP/1.1 200 OK\r\nContent-Length: \"" + secret + "\"\r\n\r\n"
		},
		"in a trailer": func(heard string) string {
			return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n0\r\n" + heard + "\r\n\r\n"
		},
		"as a redirect": func(string) string {
			return "HTTP/1.1 302 Found\r\nLocation: http://[::1?" + secret + "\r\nContent-Length: 0\r\n\r\n"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := client(t, "http://"+echo(t, answer), true)
			for _, ask := range []func(Request) error{
				func(r Request) error { _, err := c.Get(t.Context(), r); return err },
				func(r Request) error { _, err := c.Post(t.Context(), r); return err },
			} {
				err := ask(request())
				if err == nil || strings.Contains(err.Error(), secret) {
					t.Errorf("error is %v", err)
				}
			}
		})
	}
}

// echo answers each request with what answer makes of its head and body, until
// the test ends.
func echo(t *testing.T, answer func(heard string) string) (address string) {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			talks.Go(func() {
				defer conn.Close()
				buffer := make([]byte, 1<<16)
				n, _ := conn.Read(buffer)
				_, _ = io.WriteString(conn, answer(string(buffer[:n])))
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		talks.Wait()
	})
	return l.Addr().String()
}
