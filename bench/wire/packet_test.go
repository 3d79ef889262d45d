package wire

import (
	"encoding/binary"
	"net/netip"
	"testing"
)

// sent is a segment that a test puts on the wire.
type sent struct {
	from    Side
	flags   uint8
	seq     uint32
	payload string
	port    uint16 // of the client; 40000 when 0
}

// packet builds the IPv4 packet, with four bytes of options in either header
// so that nobody assumes their sizes.
func (s sent) packet(t *testing.T) []byte {
	t.Helper()
	const header, options = 20, 4
	client, server := netip.MustParseAddr("10.199.77.1").As4(), netip.MustParseAddr("10.199.77.2").As4()
	port := s.port
	if port == 0 {
		port = 40000
	}
	b := make([]byte, 2*(header+options), 2*(header+options)+len(s.payload))
	b[0] = 4<<4 | (header+options)/4
	binary.BigEndian.PutUint16(b[2:], uint16(cap(b)))
	binary.BigEndian.PutUint16(b[6:], 0x4000) // don't fragment
	b[9] = protocolTCP
	tcp := b[header+options:]
	if s.from == Client {
		copy(b[12:], client[:])
		copy(b[16:], server[:])
		binary.BigEndian.PutUint16(tcp[0:], port)
		binary.BigEndian.PutUint16(tcp[2:], 3493)
	} else {
		copy(b[12:], server[:])
		copy(b[16:], client[:])
		binary.BigEndian.PutUint16(tcp[0:], 3493)
		binary.BigEndian.PutUint16(tcp[2:], port)
	}
	binary.BigEndian.PutUint32(tcp[4:], s.seq)
	tcp[12] = (header + options) / 4 << 4
	tcp[13] = s.flags
	return append(b, s.payload...)
}
