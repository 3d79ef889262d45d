package torture

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"time"
)

// streamPeriod is how often the PDU whose stream fails sends a frame.
const streamPeriod = 500 * time.Millisecond

// socket answers the beginning of a stream as it should be (RFC 6455), reads
// what the exporter says first, and gives the connection to f.
func (x *exchange) socket(f func(net.Conn)) {
	sum := sha1.Sum([]byte(x.r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	x.raw(func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+
			base64.StdEncoding.EncodeToString(sum[:])+"\r\n\r\n")
		if _, err := c.Read(make([]byte, 4096)); err == nil {
			f(c)
		}
	})
}

// frame is one of a WebSocket: text is 1, binary 2, the end 8, a ping 9.
func frame(kind byte, text string) string {
	length := binary.BigEndian.AppendUint64([]byte{0x80 | kind, 127}, uint64(len(text)))
	if len(text) < 126 {
		length = []byte{0x80 | kind, byte(len(text))}
	}
	return string(length) + text
}

// streaming is the faults of a stream that has begun.
func streaming() []fault {
	send := func(text string) func(*exchange) {
		return func(x *exchange) {
			x.socket(func(c net.Conn) {
				_, _ = io.WriteString(c, text)
				_, _ = io.Copy(io.Discard, c)
			})
		}
	}
	return []fault{
		{
			name: "no frames", means: "The stream begins, and nothing comes.",
			says: `no frame in`, answer: send(""),
		},
		{
			name: "frames of garbage", means: "What comes is no JSON.",
			says: `no frame in|no JSON`, answer: send(frame(1, "\x00\x17 garbage")),
		},
		{
			name: "frames of HTML", means: "What comes is a web page.",
			says: `no frame in|no JSON`, answer: send(frame(1, "<html>Please log in</html>")),
		},
		{
			name: "frames that are no UTF-8", means: "Text has to be UTF-8 (RFC 6455).",
			says: `.`, answer: send(frame(1, "{\"deviceName\":\"\xfc\xff\"}")),
		},
		{
			name: "half a frame", means: "The stream stops in the middle of a frame.",
			says: `no frame in`, answer: send(frame(1, strings.Repeat(" ", 1000))[:500]),
		},
		{
			name: "no WebSocket after all", means: "What comes after the beginning is no WebSocket.",
			says: `.`, answer: send("\xff\xff\xff\xff and more"),
		},
		{
			name: "endless frame", means: "No more than 1 MiB of a frame is read.",
			says: `larger than 1 MiB`,
			answer: func(x *exchange) {
				x.socket(func(c net.Conn) {
					_, _ = c.Write(binary.BigEndian.AppendUint64([]byte{0x81, 127}, 1<<40))
					pour(c, strings.Repeat("{", 4096))
				})
			},
		},
		{
			name: "endless frames", means: "A PDU sends one frame every 2 s. No more than 20 are read in that time.",
			says:   `more than 20 messages`,
			answer: func(x *exchange) { x.socket(func(c net.Conn) { pour(c, frame(1, "{}")) }) },
		},
		{
			name: "closed with a status", means: "The PDU ends the stream (1011 is an error of its own).",
			says: `the PDU closed it with StatusInternalError`, answer: send(frame(8, "\x03\xf3"+secret)),
		},
		{
			name: "closed as not allowed", means: "The PDU does not accept the session, not even a new one (1008).",
			says: `the PDU closed it with StatusPolicyViolation`, answer: send(frame(8, "\x03\xf0"+secret)),
		},
		{
			name: "reset after the beginning", means: "The PDU restarts.",
			says: `connection reset`, answer: func(x *exchange) { x.socket(reset) },
		},
	}
}
