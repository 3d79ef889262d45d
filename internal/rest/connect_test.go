package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

// TestAHandshakeThatHangs shows that what was begun for a request whose time is
// over ends as well, whether or not others come after it.
func TestAHandshakeThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := make(chan error, 1)
		c := New(Options{
			Base: &url.URL{Scheme: "https", Host: "pdu.example.net"},
			TLS:  &tls.Config{MinVersion: tls.VersionTLS12},
			Dial: func(context.Context, string, string) (net.Conn, error) {
				client, server := net.Pipe()
				go func() {
					_, err := io.Copy(io.Discard, server)
					gone <- err
				}()
				return client, nil
			},
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Get(ctx, request()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v", err)
		}
		if len(gone) > 0 {
			t.Error("the connection ended with the request: this test shows nothing")
		}
		begun := time.Now()
		if err := <-gone; err != nil || time.Since(begun) > connectTimeout {
			t.Errorf("the connection ended after %s with %v", time.Since(begun), err)
		}
	})
}
