package wire

import "bytes"

// conn follows one connection.
type conn struct {
	Conn
	asked bool // a SYN of the client waits for its answer
	spoke Side // whose payload was last seen; the server's before there was any
	sent  [2]stream
}

// stream is how far one side has got.
type stream struct {
	seen bool
	next uint32 // the sequence number that comes next
	fin  bool
}

// count adds one segment.
func (c *conn) count(from Side, s *segment) {
	way := &c.ToServer
	if from == Server {
		way = &c.ToClient
	}
	fresh, repeated := c.sent[from].advance(s)
	way.Packets++
	way.Bytes += len(s.payload)
	way.Lines += bytes.Count(fresh, []byte("\n"))
	way.Heads += bytes.Count(fresh, []byte("\r\n\r\n"))
	if repeated {
		way.Retransmitted++
	}
	c.handshake(from, s)
	// Only new payload is speech: a repetition after the answer was lost
	// would otherwise look like another question.
	if len(fresh) > 0 {
		c.speak(from)
	}
	c.Closed = c.Closed || s.has(flagRST) || c.sent[Client].fin && c.sent[Server].fin
}

// handshake counts the client's SYNs and the round trip that their answer ends.
func (c *conn) handshake(from Side, s *segment) {
	switch {
	case from == Client && s.has(flagSYN) && !s.has(flagACK):
		c.SYNs++
		c.asked = true
	case from == Server && c.asked && s.has(flagSYN|flagACK):
		c.RoundTrips++
		c.asked = false
	}
}

// speak counts a round trip when the server answers what the client said.
func (c *conn) speak(from Side) {
	if from == Server && c.spoke == Client {
		c.RoundTrips++
	}
	c.spoke = from
}

// advance moves the stream and returns the part of the payload that is new,
// and whether the segment only repeats what was there.
func (st *stream) advance(s *segment) (fresh []byte, repeated bool) {
	st.fin = st.fin || s.has(flagFIN)
	end := s.seq + s.length()
	if !st.seen {
		st.seen, st.next = true, end
		return s.payload, false
	}
	// Sequence numbers wrap: only their signed difference has a meaning.
	behind := int32(st.next - s.seq)               //nolint:gosec // meant to wrap
	if ahead := int32(end - st.next); ahead <= 0 { //nolint:gosec // meant to wrap
		return nil, s.length() > 0
	}
	st.next = end
	return s.payload[min(max(int(behind), 0), len(s.payload)):], false
}
