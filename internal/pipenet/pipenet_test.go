package pipenet

import (
	"errors"
	"io"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestServe asks a server, lets it wait, and dials when it is closed.
func TestServe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &http.Server{ReadHeaderTimeout: time.Hour, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.RemoteAddr)
		})}
		l := Serve(t, server)
		for address, dial := range map[string]func() io.ReadWriteCloser{
			"192.0.2.1:49152":     func() io.ReadWriteCloser { return l.Dial() },
			"[2001:db8::1]:49152": func() io.ReadWriteCloser { return l.DialFrom("2001:db8::1") },
		} {
			conn := dial()
			if _, err := io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			if reply, err := io.ReadAll(conn); err != nil || string(reply[len(reply)-len(address):]) != address {
				t.Errorf("%q, %v, want one to %s", reply, err, address)
			}
			_ = conn.Close()
		}

		silent, begun := l.Dial(), time.Now()
		if err := silent.SetReadDeadline(begun.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		if err := silent.SetReadDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) || time.Since(begun) != time.Hour {
			t.Errorf("after %s: %v", time.Since(begun), err)
		}
		_ = silent.Close()

		_ = l.Close()
		late := l.Dial()
		if _, err := late.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
		_ = late.Close()
	})
}
