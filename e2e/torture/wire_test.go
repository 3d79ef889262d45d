package torture

import (
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// beneath is the TCP connection below whatever is around it.
func beneath(c net.Conn) *net.TCPConn {
	for {
		switch outer := c.(type) {
		case *net.TCPConn:
			return outer
		case *tracked:
			c = outer.Conn
		case interface{ NetConn() net.Conn }:
			c = outer.NetConn()
		default:
			return nil
		}
	}
}

// reset ends a connection with RST instead of FIN.
func reset(c net.Conn) {
	_ = beneath(c).SetLinger(0) // a connection that has ended needs no reset
	_ = c.Close()
}

// finish ends a connection with FIN, and waits until the other side has ended
// it too: what is sent after a close would be answered with RST.
func finish(c net.Conn) {
	_ = beneath(c).CloseWrite()
	_, _ = io.Copy(io.Discard, beneath(c))
}

// drip sends a text byte by byte, too slowly, until the other side leaves.
func drip(c net.Conn, text string) {
	tick := time.NewTicker(150 * time.Millisecond)
	defer tick.Stop()
	for i := range len(text) {
		if _, err := io.WriteString(c, text[i:i+1]); err != nil {
			return
		}
		<-tick.C
	}
	_, _ = io.Copy(io.Discard, c)
}

// pour sends a text again and again until the other side leaves.
func pour(c net.Conn, text string) {
	for {
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
	}
}

// head is that of an answer with a body of so many bytes; none are announced if
// that is negative.
func head(status string, size int, lines ...string) string {
	text := "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
	if size >= 0 {
		text += fmt.Sprintf("Content-Length: %d\r\n", size)
	}
	return text + strings.Join(append(lines, "", ""), "\r\n")
}
