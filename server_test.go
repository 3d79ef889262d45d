package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/internal/pipenet"
)

// TestPatience shows how long somebody can hold a connection who sends slowly, or
// nothing, or does not read.
func TestPatience(t *testing.T) {
	t.Parallel()
	const page = "GET / HTTP/1.1\r\nHost: exporter\r\n\r\n"
	for name, test := range map[string]struct {
		send, repeat string // once, and every second after that
		reads        bool
		took         time.Duration
	}{
		"nothing":         {"", "", true, headTime},
		"a slow head":     {"GET / HTTP/1.1\r\nHost: exporter\r\n", "X: y\r\n", true, headTime},
		"a slow body":     {"POST / HTTP/1.1\r\nHost: exporter\r\nContent-Length: 1000\r\n\r\n", "1", true, bodyTime},
		"idle at last":    {page, "", true, idleTime},
		"nobody reads it": {page, "", false, answerTime},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun, gone := time.Now(), make(chan time.Duration, 1)
				server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, err := io.Copy(io.Discard, r.Body)
					if err == nil {
						_, err = w.Write(bytes.Repeat([]byte("x"), 1<<20))
					}
					if err != nil {
						gone <- time.Since(begun)
					}
				}), slog.New(slog.DiscardHandler))
				conn := pipenet.Serve(t, server).Dial()
				defer conn.Close()
				sent := make(chan struct{})
				go func() {
					defer close(sent)
					_, err := io.WriteString(conn, test.send)
					for err == nil && test.repeat != "" {
						<-time.After(time.Second)
						_, err = io.WriteString(conn, test.repeat)
					}
				}()
				var took time.Duration
				if test.reads {
					if _, err := io.Copy(io.Discard, conn); err != nil {
						t.Error(err)
					}
					took = time.Since(begun)
				} else {
					took = <-gone
				}
				// A server may wait half a second before it closes a connection of
				// which it has not read all.
				if took.Truncate(time.Second) != test.took {
					t.Errorf("it was closed after %s, want %s", took, test.took)
				}
				<-sent
			})
		})
	}
}
