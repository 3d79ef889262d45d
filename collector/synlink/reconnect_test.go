package synlink

import (
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/power"
)

// TestTheSessionOfTheStream shows that a stream whose session has ended costs
// one log-in, and no more than a frame.
func TestTheSessionOfTheStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		c := listening(t, pdu, n.streaming())
		for i := range 5 {
			pass(30 * time.Second)
			pdu.ExpireSessions()
			pass(2*framePeriod + firstBackoff)
			d := read(t, c)
			if stats := pdu.Stats(); stats.Logins != i+2 || stats.Streams != 1 || d.Streamed != power.Boolean(true) {
				t.Errorf("streamed is %s, %+v", d.Streamed, stats)
			}
		}
	})
}

// TestTheSessionIsWantedBefore shows the same for a PDU that looks at the
// session before there is a stream.
func TestTheSessionIsWantedBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		listening(t, pdu, n.streaming())
		pass(time.Minute)
		pdu.SetFault("/ws", synlinksim.Fault{Status: 401, Times: 1})
		pdu.DropStreams()
		pass(firstBackoff)
		if stats := pdu.Stats(); stats.Logins != 2 || stats.Streams != 1 {
			t.Errorf("%+v", stats)
		}
	})
}

// TestAStreamThatIsRefused shows that a session which the stream does not take
// costs no log-in each time, and requests nothing.
func TestAStreamThatIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		pdu.SetFault("/ws", synlinksim.Fault{Status: 401})
		c := open(t, n.streaming())
		for range 60 {
			read(t, c)
			pass(time.Minute)
		}
		_, err := c.feed.newest()
		wantError(t, err, "opening the stream: GET http://pdu.example.net/ws: 401 Unauthorized")
		if stats := pdu.Stats(); stats.Logins > 1+60/10 {
			t.Errorf("%+v", stats)
		}
	})
}

// TestBackoff counts how often a stream is tried within an hour that cannot be
// had.
func TestBackoff(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		harm func(*synlinksim.PDU, *network)
		want string
	}{
		"no such path": {
			func(pdu *synlinksim.PDU, _ *network) { pdu.SetFault("/ws", synlinksim.Fault{Status: 404}) },
			"opening the stream: GET http://pdu.example.net/ws: 404 Not Found",
		},
		"nobody there": {
			func(_ *synlinksim.PDU, n *network) { n.down.Store(true) },
			"opening the stream: GET http://pdu.example.net/ws: dial tcp: connection refused",
		},
		"no WebSocket": {
			func(pdu *synlinksim.PDU, _ *network) { pdu.SetFault("/ws", synlinksim.Fault{Body: []byte("{}")}) },
			"opening the stream: GET http://pdu.example.net/ws: 200 OK: no WebSocket came: does this PDU have a stream?",
		},
		"floods": {
			func(pdu *synlinksim.PDU, _ *network) { pdu.SetStreamFault(synlinksim.StreamFault{Flood: 100}) },
			"reading the stream: more than 20 messages in 2s: the PDU sends one",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
				c := listening(t, pdu, n.streaming())
				pass(time.Minute)
				tt.harm(pdu, n)
				n.cut()
				tries := func() int64 { return int64(pdu.Stats().Requests["/ws"]) + n.refused.Load() }
				before := tries()
				pass(time.Hour)
				_, err := c.feed.newest()
				wantError(t, err, tt.want)
				// Six until the pause has its full length, and then each 30 s to a minute.
				if n := tries() - before; n < 60 || n > 126 {
					t.Errorf("tried %d times in an hour", n)
				}
			})
		})
	}
}

// TestAStreamThatIsCutNowAndThen shows that a stream which was good is had
// again at once, hardly anybody having noticed.
func TestAStreamThatIsCutNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
		c := listening(t, pdu, n.streaming())
		pass(time.Minute)
		for range 10 {
			pdu.DropStreams()
			pass(firstBackoff + framePeriod)
			if d := read(t, c); d.Streamed != power.Boolean(true) {
				t.Error("it is not had again")
			}
			pass(patience + framePeriod)
		}
	})
}
