package synlinksim

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// How long a client of the stream has to show its session, and to take a
// frame.
const (
	helloTimeout = 10 * time.Second
	frameTimeout = 10 * time.Second
)

// stream is GET /ws: a websocket that waits for a session and then gets the
// whole state every 2 s.
func (x *exchange) stream(ctx context.Context) {
	p := x.pdu
	w := &hijacked{ResponseWriter: x.w}
	// A client that is no browser has no origin to check.
	conn, err := websocket.Accept(w, x.r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		// It answered the client already.
		p.log.Debug("no websocket", "err", err)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &socket{pdu: p, conn: conn, below: w.conn, ctx: ctx, cancel: cancel, status: dropped}
	p.counts.Add(func(st *Stats) { st.OpenSockets++ })
	defer s.close()
	if p.sockets.add(s) {
		defer p.sockets.remove(s)
		if s.hello(ctx) {
			s.run(ctx, p.options.StreamPeriod)
		}
	}
}

// hijacked keeps the connection below a websocket, since Close must end it
// even where the websocket waits for the client's good-bye.
type hijacked struct {
	http.ResponseWriter
	conn net.Conn
}

// Hijack takes the connection over.
func (h *hijacked) Hijack() (conn net.Conn, rw *bufio.ReadWriter, err error) {
	h.conn, rw, err = http.NewResponseController(h.ResponseWriter).Hijack()
	return h.conn, rw, err
}

// Tick sends a frame to every stream now, as the end of a period does, and
// returns when it is sent; it gives the number of streams.
func (p *PDU) Tick() int {
	sent := 0
	for _, s := range p.sockets.all() {
		if s.authenticated() {
			s.frame(s.ctx)
			sent++
		}
	}
	return sent
}

// DropStreams ends every websocket without a word, as a PDU does that lost its
// power or its network.
func (p *PDU) DropStreams() {
	for _, s := range p.sockets.all() {
		s.end(dropped, "")
	}
}

// sessionIn is the session that a client's first message shows: the cookie
// pair that the new document has, or the bare token of the old one.
func sessionIn(message []byte) string {
	var body struct {
		Cookie string `json:"cookie"`
	}
	if json.Unmarshal(message, &body) != nil {
		return ""
	}
	return strings.TrimPrefix(body.Cookie, "SPID=")
}
