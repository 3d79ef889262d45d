package wire

import (
	"net/netip"
	"testing"
	"time"
)

// handshake opens a connection: sequence numbers 100 and 500 come next.
func handshake() []sent {
	return []sent{
		{from: Client, flags: flagSYN, seq: 99},
		{from: Server, flags: flagSYN | flagACK, seq: 499},
		{from: Client, flags: flagACK, seq: 100},
	}
}

func TestTapCounts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sent []sent
		want Count
	}{
		"handshake": {
			sent: handshake(),
			want: Count{ToServer: Direction{Packets: 2}, ToClient: Direction{Packets: 1}, SYNs: 1, RoundTrips: 1},
		},
		"refused": {
			sent: []sent{{from: Client, flags: flagSYN, seq: 99}, {from: Server, flags: flagRST | flagACK}},
			want: Count{ToServer: Direction{Packets: 1}, ToClient: Direction{Packets: 1}, SYNs: 1},
		},
		"SYN and its answer sent again": {
			sent: []sent{
				{from: Client, flags: flagSYN, seq: 99},
				{from: Client, flags: flagSYN, seq: 99},
				{from: Server, flags: flagSYN | flagACK, seq: 499},
				{from: Server, flags: flagSYN | flagACK, seq: 499},
			},
			want: Count{
				ToServer: Direction{Packets: 2, Retransmitted: 1},
				ToClient: Direction{Packets: 2, Retransmitted: 1},
				SYNs:     2, RoundTrips: 1,
			},
		},
		"pipelined commands are one turn": {
			sent: append(handshake(),
				sent{from: Client, flags: flagACK, seq: 100, payload: "LIST A\nLIST B\n"},
				sent{from: Client, flags: flagACK, seq: 114, payload: "LIST C\n"},
				sent{from: Server, flags: flagACK, seq: 500, payload: "A\n"},
				sent{from: Client, flags: flagACK, seq: 121}, // an ACK is not speech
				sent{from: Server, flags: flagACK, seq: 502, payload: "B\nC\n"},
			),
			want: Count{
				ToServer: Direction{Packets: 5, Bytes: 21, Lines: 3},
				ToClient: Direction{Packets: 3, Bytes: 6, Lines: 3},
				SYNs:     1, RoundTrips: 2,
			},
		},
		"one command at a time": {
			sent: append(handshake(),
				sent{from: Client, flags: flagACK, seq: 100, payload: "A\n"},
				sent{from: Server, flags: flagACK, seq: 500, payload: "a\n"},
				sent{from: Client, flags: flagACK, seq: 102, payload: "B\n"},
				sent{from: Server, flags: flagACK, seq: 502, payload: "b\n"},
			),
			want: Count{
				ToServer: Direction{Packets: 4, Bytes: 4, Lines: 2},
				ToClient: Direction{Packets: 3, Bytes: 4, Lines: 2},
				SYNs:     1, RoundTrips: 3,
			},
		},
		"a greeting and an unanswered farewell are no turns": {
			sent: append(handshake(),
				sent{from: Server, flags: flagACK, seq: 500, payload: "hello\n"},
				sent{from: Client, flags: flagACK | flagFIN, seq: 100, payload: "BYE\n"},
			),
			want: Count{
				ToServer: Direction{Packets: 3, Bytes: 4, Lines: 1},
				ToClient: Direction{Packets: 2, Bytes: 6, Lines: 1},
				SYNs:     1, RoundTrips: 1,
			},
		},
		"a command sent again after its answer is no new turn": {
			sent: append(handshake(),
				sent{from: Client, flags: flagACK, seq: 100, payload: "A\n"},
				sent{from: Server, flags: flagACK, seq: 500, payload: "a1"},
				sent{from: Client, flags: flagACK, seq: 100, payload: "A\n"},
				sent{from: Server, flags: flagACK, seq: 500, payload: "a1a2\n"}, // half of it new
			),
			want: Count{
				ToServer: Direction{Packets: 4, Bytes: 4, Lines: 1, Retransmitted: 1},
				ToClient: Direction{Packets: 3, Bytes: 7, Lines: 1},
				SYNs:     1, RoundTrips: 2,
			},
		},
		"a head is counted once, whole": {
			sent: append(handshake(),
				sent{from: Client, flags: flagACK, seq: 100, payload: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
				sent{from: Client, flags: flagACK, seq: 100, payload: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
				sent{from: Server, flags: flagACK, seq: 500, payload: "HTTP/1.1 200 OK\r\n"},
			),
			want: Count{
				ToServer: Direction{Packets: 4, Bytes: 54, Lines: 3, Heads: 1, Retransmitted: 1},
				ToClient: Direction{Packets: 2, Bytes: 17, Lines: 1},
				SYNs:     1, RoundTrips: 2,
			},
		},
		"sequence numbers wrap": {
			sent: []sent{
				{from: Client, flags: flagACK, seq: 0xffff_fffe, payload: "ABCD\n"},
				{from: Server, flags: flagACK, seq: 7, payload: "a"},
				{from: Client, flags: flagACK, seq: 3, payload: "E\n"},
				{from: Server, flags: flagACK, seq: 8, payload: "e"},
			},
			want: Count{
				ToServer: Direction{Packets: 2, Bytes: 7, Lines: 2},
				ToClient: Direction{Packets: 2, Bytes: 2}, RoundTrips: 2,
			},
		},
		"a keep-alive probe is not a retransmission": {
			sent: append(handshake(), sent{from: Client, flags: flagACK, seq: 99}),
			want: Count{ToServer: Direction{Packets: 3}, ToClient: Direction{Packets: 1}, SYNs: 1, RoundTrips: 1},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tp := newTap(time.Now)
			for _, s := range tt.sent {
				tp.see(s.from, s.packet(t))
			}
			stats := tp.stats()
			if len(stats.Conns) != 1 {
				t.Fatalf("%d connections, want 1", len(stats.Conns))
			}
			if got := stats.Total(); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestTapTellsConnectionsApart(t *testing.T) {
	t.Parallel()
	tp := newTap(time.Now)
	for _, s := range []sent{
		{from: Client, flags: flagSYN, seq: 1},
		{from: Client, flags: flagSYN, seq: 1, port: 40001},
		{from: Server, flags: flagSYN | flagACK, seq: 1, port: 40001},
		{from: Client, flags: flagFIN | flagACK, seq: 2, port: 40001},
		{from: Server, flags: flagFIN | flagACK, seq: 2, port: 40001},
		{from: Client, flags: flagSYN, seq: 9000, port: 40001}, // the port again
		{from: Server, flags: flagRST | flagACK},
	} {
		tp.see(s.from, s.packet(t))
	}
	tp.see(Client, []byte("not a packet"))
	tp.drop()

	stats := tp.stats()
	if stats.Other != 1 || stats.Dropped != 1 {
		t.Errorf("other = %d, dropped = %d, want 1 and 1", stats.Other, stats.Dropped)
	}
	type summary struct {
		port       uint16
		roundTrips int
		closed     bool
	}
	var got []summary
	for _, c := range stats.Conns {
		got = append(got, summary{c.Client.Port(), c.RoundTrips, c.Closed})
		if want := netip.MustParseAddrPort("10.199.77.2:3493"); c.Server != want {
			t.Errorf("server = %v, want %v", c.Server, want)
		}
	}
	want := []summary{{40000, 0, true}, {40001, 1, true}, {40001, 0, false}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if total := stats.Total(); total.SYNs != 3 || total.RoundTrips != 1 {
		t.Errorf("total = %+v", total)
	}
}

func TestTapReset(t *testing.T) {
	t.Parallel()
	tp := newTap(time.Now)
	for _, s := range handshake() {
		tp.see(s.from, s.packet(t))
	}
	tp.reset()
	if stats := tp.stats(); len(stats.Conns) != 0 {
		t.Fatalf("after reset: %+v", stats)
	}
	tp.see(Client, sent{from: Client, flags: flagACK, seq: 100, payload: "A\n"}.packet(t))
	tp.see(Server, sent{from: Server, flags: flagACK, seq: 500, payload: "a\n"}.packet(t))
	if total := tp.stats().Total(); total.RoundTrips != 1 || total.SYNs != 0 {
		t.Errorf("a turn on a kept connection: %+v", total)
	}
}

func TestTapTimes(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	tp := newTap(func() time.Time { return now })
	now = now.Add(5 * time.Second)
	if got := tp.idle(); got != 5*time.Second {
		t.Errorf("idle = %v, want 5s", got)
	}
	tp.touch(2 * time.Millisecond)
	tp.touch(time.Millisecond)
	now = now.Add(time.Second)
	if got := tp.idle(); got != time.Second {
		t.Errorf("idle = %v, want 1s", got)
	}
	if got := tp.stats().Late; got != 2*time.Millisecond {
		t.Errorf("late = %v, want the 2ms of the latest packet", got)
	}
}
