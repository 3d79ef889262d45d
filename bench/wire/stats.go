package wire

import (
	"net/netip"
	"time"
)

// Side is one end of a link.
type Side int

// The ends of a link.
const (
	Client Side = iota // the network of this process
	Server             // the namespace of the link
)

// Direction counts what went one way over a connection.
type Direction struct {
	Packets       int // all of them: SYN, ACK, FIN, data
	Bytes         int // of payload, sent again or not
	Lines         int // newlines in the payload: the commands of a line protocol
	Heads         int // empty lines that were sent in one packet: the heads of HTTP messages
	Retransmitted int // packets that brought nothing the tap had not seen
}

// Count is what one or several connections cost.
type Count struct {
	ToServer, ToClient Direction

	SYNs int // from the client: connections tried, and their repetitions

	// RoundTrips is one for the handshake, when its answer arrives, and one
	// for each time the client spoke and then heard the server answer. What is
	// pipelined, on either side, is one round trip. Waits that TCP itself
	// makes, such as Nagle's for an ACK, are none: they show in the time.
	RoundTrips int
}

// Conn is what the tap has seen of one connection. Client is the end in this
// process, whoever opened the connection.
type Conn struct {
	Client, Server netip.AddrPort
	Count
	Closed bool // both ends have sent a FIN, or one has sent a RST
}

// Stats is what has passed since the link was made or last reset. It is seen
// from the client: its packets count when they leave it, those of the server
// when they reach it.
type Stats struct {
	Conns   []Conn // in the order of their first packets
	Other   int    // packets of anything but TCP over IPv4
	Dropped int    // packets that the receiving end refused

	// Late is the most that a packet was delivered after its delay had passed.
	// More than some tenths of a millisecond says that the machine had
	// something else to do and that a time measured meanwhile means little.
	Late time.Duration
}

// Total adds up the connections.
func (s Stats) Total() Count {
	var total Count
	for i := range s.Conns {
		c := &s.Conns[i]
		total.ToServer = total.ToServer.plus(c.ToServer)
		total.ToClient = total.ToClient.plus(c.ToClient)
		total.SYNs += c.SYNs
		total.RoundTrips += c.RoundTrips
	}
	return total
}

// plus adds up two directions.
func (d Direction) plus(e Direction) Direction {
	return Direction{
		Packets:       d.Packets + e.Packets,
		Bytes:         d.Bytes + e.Bytes,
		Lines:         d.Lines + e.Lines,
		Heads:         d.Heads + e.Heads,
		Retransmitted: d.Retransmitted + e.Retransmitted,
	}
}
