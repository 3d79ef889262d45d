package synlinksim

import (
	"context"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// dropped is the status of a connection that ends without a closing frame.
const dropped = websocket.StatusCode(-1)

// sockets is every websocket that is open, and how their streams misbehave.
type sockets struct {
	mu     sync.Mutex
	open   []*socket
	isShut bool
	fault  StreamFault
}

// add takes note of one more, unless all were shut.
func (s *sockets) add(n *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isShut {
		s.open = append(s.open, n)
	}
	return !s.isShut
}

// shut ends every socket, those to come, too.
func (s *sockets) shut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isShut = true
	for _, n := range s.open {
		_ = n.below.Close() // the client may have been first
	}
}

// remove forgets one.
func (s *sockets) remove(n *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = slices.DeleteFunc(s.open, func(o *socket) bool { return o == n })
}

// all is a copy of the list.
func (s *sockets) all() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.open)
}

// socket is one websocket.
type socket struct {
	pdu    *PDU
	conn   *websocket.Conn
	below  net.Conn
	ctx    context.Context // ends when the socket shall be closed
	cancel context.CancelFunc

	mu      sync.Mutex
	session string
	user    *User // nil until a session was shown
	status  websocket.StatusCode
	reason  string
	closed  bool
}

// end has the socket closed with a status, unless it ends already.
func (s *socket) end(status websocket.StatusCode, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() == nil {
		s.status, s.reason = status, reason
		s.cancel()
	}
}

// close says good-bye, or does not. What it finds closed it leaves so.
func (s *socket) close() {
	s.mu.Lock()
	status, reason, streamed, closed := s.status, s.reason, s.user != nil, s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return
	}
	s.cancel()
	// First the counts: whoever sees the end of the connection may look.
	s.pdu.counts.Add(func(st *Stats) {
		st.OpenSockets--
		if streamed {
			st.Streams--
		}
	})
	if status != dropped {
		_ = s.conn.Close(status, reason) // the client may be gone
	}
	_ = s.conn.CloseNow() // it may be closed already
}

// hello waits for the message that shows a session.
func (s *socket) hello(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	_, message, err := s.conn.Read(ctx)
	if err != nil {
		return false
	}
	session := sessionIn(message)
	user := s.pdu.sessions.find(session)
	if user == nil {
		s.pdu.counts.Add(func(st *Stats) { st.BadSockets++ })
		s.end(websocket.StatusPolicyViolation, "unauthorized")
		return false
	}
	s.mu.Lock()
	s.session, s.user = session, user
	s.mu.Unlock()
	s.pdu.counts.Add(func(st *Stats) { st.Streams++ })
	return true
}

// authenticated says whether the socket gets frames.
func (s *socket) authenticated() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user != nil && s.ctx.Err() == nil
}

// run sends a frame every period until the socket ends.
func (s *socket) run(ctx context.Context, period time.Duration) {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		defer s.cancel()
		s.listen(context.WithoutCancel(ctx))
	}()
	// What is read ends with the connection, which close ends.
	defer func() { s.close(); <-gone }()
	var ticks <-chan time.Time
	if period > 0 {
		ticker := time.NewTicker(period)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for {
		select {
		case <-ticks:
			s.frame(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// listen takes what the client sends after its session, which means nothing to
// the PDU, and answers pings meanwhile.
func (s *socket) listen(ctx context.Context) {
	for {
		if _, _, err := s.conn.Read(ctx); err != nil {
			return
		}
	}
}
