package nut

import (
	"bufio"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// serve accepts connections on a free port until the test ends, and hands each
// to talk, which owns it. It returns the address.
func serve(tb testing.TB, talk func(net.Conn)) string {
	tb.Helper()
	var config net.ListenConfig
	l, err := config.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			talks.Go(func() {
				defer c.Close()
				talk(c)
			})
		}
	})
	tb.Cleanup(func() {
		_ = l.Close()
		talks.Wait()
	})
	return l.Addr().String()
}

// say is a server that says a text as soon as it has heard a line, and hangs
// up. It still listens, so that what it said is not lost to a reset.
func say(text string) func(net.Conn) {
	return func(c net.Conn) {
		heard(c)
		_, _ = io.WriteString(c, text)
		_ = c.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, c)
	}
}

// sayAndWait is a server that says a text and then nothing, for as long as the
// client stays.
func sayAndWait(text string) func(net.Conn) {
	return func(c net.Conn) {
		heard(c)
		_, _ = io.WriteString(c, text)
		_, _ = io.Copy(io.Discard, c)
	}
}

// heard waits for the first line of the client.
func heard(c net.Conn) { _, _ = bufio.NewReader(c).ReadString('\n') }

// newLines returns a function that reads the client's lines one by one, with a
// buffer that holds no more than one.
func newLines(c net.Conn) func() (string, bool) {
	r := bufio.NewReaderSize(c, 64)
	return func() (string, bool) {
		line, err := r.ReadString('\n')
		return strings.TrimSuffix(line, "\n"), err == nil
	}
}
