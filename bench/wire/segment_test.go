package wire

import (
	"net/netip"
	"testing"
)

func TestParseSegment(t *testing.T) {
	t.Parallel()
	packet := sent{from: Server, flags: flagACK | flagFIN, seq: 4_000_000_000, payload: "OK\n"}.packet(t)
	// What follows the packet in a buffer is not payload.
	s, ok := parseSegment(append(packet, "padding"...))
	if !ok {
		t.Fatal("a good packet was refused")
	}
	if want := netip.MustParseAddrPort("10.199.77.2:3493"); s.src != want {
		t.Errorf("src = %v, want %v", s.src, want)
	}
	if want := netip.MustParseAddrPort("10.199.77.1:40000"); s.dst != want {
		t.Errorf("dst = %v, want %v", s.dst, want)
	}
	if s.seq != 4_000_000_000 || !s.has(flagACK|flagFIN) || s.has(flagSYN) {
		t.Errorf("seq = %d, flags = %b", s.seq, s.flags)
	}
	if string(s.payload) != "OK\n" {
		t.Errorf("payload = %q", s.payload)
	}
	if s.length() != 4 {
		t.Errorf("length = %d, want 3 bytes and the FIN", s.length())
	}
}

func TestParseSegmentRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func([]byte) []byte{
		"nothing":                      func([]byte) []byte { return nil },
		"IPv6":                         func(b []byte) []byte { b[0] = 0x66; return b },
		"UDP":                          func(b []byte) []byte { b[9] = 17; return b },
		"IP header too short":          func(b []byte) []byte { b[0] = 0x44; return b },
		"IP header beyond the packet":  func(b []byte) []byte { b[0] = 0x4f; b[2], b[3] = 0, 64; return b },
		"length beyond the packet":     func(b []byte) []byte { b[2] = 0xff; return b },
		"cut":                          func(b []byte) []byte { return b[:len(b)-1] },
		"first fragment":               func(b []byte) []byte { b[6] = 0x20; return b },
		"later fragment":               func(b []byte) []byte { b[7] = 1; return b },
		"TCP header too short":         func(b []byte) []byte { b[24+12] = 0x40; return b },
		"TCP header beyond the packet": func(b []byte) []byte { b[24+12] = 0xf0; return b },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s, ok := parseSegment(spoil(sent{payload: "LIST UPS\n"}.packet(t))); ok {
				t.Errorf("read %+v", s)
			}
		})
	}
}

func FuzzParseSegment(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("E\x00\x00\x28\x00\x00\x40\x00\x40\x06\x00\x00\x0a\xc7\x4d\x01\x0a\xc7\x4d\x02" +
		"\x9c\x40\x0d\xa5\x00\x00\x00\x00\x00\x00\x00\x00\x50\x02\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		s, ok := parseSegment(packet)
		if ok && len(s.payload) > len(packet)-minIPv4-minTCP {
			t.Errorf("%d bytes of payload in a packet of %d", len(s.payload), len(packet))
		}
	})
}
