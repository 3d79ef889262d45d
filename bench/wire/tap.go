package wire

import (
	"net/netip"
	"sync"
	"time"
)

// tap counts the packets of a link. Both forwarders call it.
type tap struct {
	mu      sync.Mutex
	now     func() time.Time
	moved   time.Time // when a packet was last taken or delivered
	conns   []*conn
	open    map[ends]*conn
	other   int
	dropped int
	late    time.Duration
}

// ends tells connections apart.
type ends struct{ client, server netip.AddrPort }

// newTap returns a tap that has seen nothing. The clock is a parameter for the
// tests.
func newTap(now func() time.Time) *tap {
	return &tap{now: now, moved: now(), open: make(map[ends]*conn)}
}

// see counts a packet that one side sent.
func (t *tap) see(from Side, packet []byte) {
	s, ok := parseSegment(packet)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.moved = t.now()
	if !ok {
		t.other++
		return
	}
	t.conn(from, &s).count(from, &s)
}

// touch notes that a packet moved, and how late it was.
func (t *tap) touch(late time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.moved = t.now()
	t.late = max(t.late, late)
}

// drop counts a packet that could not be delivered.
func (t *tap) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dropped++
}

// idle is how long no packet has moved.
func (t *tap) idle() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now().Sub(t.moved)
}

// reset forgets all that was counted.
func (t *tap) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conns = nil
	clear(t.open)
	t.other, t.dropped, t.late = 0, 0, 0
}

// stats returns what was counted.
func (t *tap) stats() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	stats := Stats{Other: t.other, Dropped: t.dropped, Late: t.late}
	for _, c := range t.conns {
		stats.Conns = append(stats.Conns, c.Conn)
	}
	return stats
}

// conn returns the connection that a segment belongs to.
func (t *tap) conn(from Side, s *segment) *conn {
	key := ends{client: s.src, server: s.dst}
	if from == Server {
		key = ends{client: s.dst, server: s.src}
	}
	c := t.open[key]
	// A port may be used again; the new connection must not add to the old.
	if c == nil || c.Closed && s.has(flagSYN) {
		c = &conn{Conn: Conn{Client: key.client, Server: key.server}, spoke: Server}
		t.open[key] = c
		t.conns = append(t.conns, c)
	}
	return c
}
