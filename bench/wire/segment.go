package wire

import (
	"encoding/binary"
	"net/netip"
)

// The flags of a TCP header (RFC 9293, section 3.1).
const (
	flagFIN = 1 << 0
	flagSYN = 1 << 1
	flagRST = 1 << 2
	flagACK = 1 << 4
)

const (
	protocolTCP = 6
	minIPv4     = 20 // bytes of an IPv4 header without options
	minTCP      = 20 // bytes of a TCP header without options
)

// segment is one TCP segment.
type segment struct {
	src, dst netip.AddrPort
	seq      uint32
	flags    uint8
	payload  []byte // shares memory with the packet
}

// has says whether all of these flags are set.
func (s *segment) has(flags uint8) bool { return s.flags&flags == flags }

// length is how far the segment moves the sequence number.
func (s *segment) length() uint32 {
	n := uint32(len(s.payload)) //nolint:gosec // an IPv4 packet has at most 65535 bytes
	if s.has(flagSYN) {
		n++
	}
	if s.has(flagFIN) {
		n++
	}
	return n
}

// parseSegment reads an IPv4 packet that carries a whole TCP segment and says
// whether it is one. Checksums are not checked: the kernel at the other end
// does that.
func parseSegment(packet []byte) (segment, bool) {
	if len(packet) < minIPv4 || packet[0]>>4 != 4 || packet[9] != protocolTCP {
		return segment{}, false
	}
	header := int(packet[0]&0x0f) * 4
	total := int(binary.BigEndian.Uint16(packet[2:]))
	if header < minIPv4 || total < header+minTCP || total > len(packet) {
		return segment{}, false
	}
	// A fragment has more-fragments set or an offset; only don't-fragment and
	// the reserved bit may be set on a whole packet.
	if binary.BigEndian.Uint16(packet[6:])&0x3fff != 0 {
		return segment{}, false
	}
	tcp := packet[header:total]
	data := int(tcp[12]>>4) * 4
	if data < minTCP || data > len(tcp) {
		return segment{}, false
	}
	return segment{
		src:     addrPort(packet[12:16], tcp[0:2]),
		dst:     addrPort(packet[16:20], tcp[2:4]),
		seq:     binary.BigEndian.Uint32(tcp[4:]),
		flags:   tcp[13],
		payload: tcp[data:],
	}, true
}

// addrPort joins the four bytes of an address and the two of a port.
func addrPort(addr, port []byte) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte(addr)), binary.BigEndian.Uint16(port))
}
