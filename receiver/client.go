package receiver

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// clientOf is the address of whoever sent a request: that of the connection, or,
// if a trusted proxy has that one, of whom it says that it forwards the request
// for, in X-Forwarded-For or Forwarded (RFC 7239). Each proxy adds the address
// that it sees at the end, and what stands before may be anybody's invention: so
// it is the last one that is no trusted proxy's. Where that cannot be read, it
// is the last trusted proxy's.
//
// A proxy that sets one of the headers may hand on the other as the client wrote
// it. Where both are there and do not agree, neither counts.
func clientOf(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer := addressOf(r.RemoteAddr)
	if !within(peer, trusted) {
		return peer
	}
	byList := lastBeyond(peer, r.Header.Values("X-Forwarded-For"), forwardedFor, trusted)
	byNode := lastBeyond(peer, r.Header.Values("Forwarded"), forwarded, trusted)
	switch {
	case len(r.Header.Values("Forwarded")) == 0 || byList == byNode:
		return byList
	case len(r.Header.Values("X-Forwarded-For")) == 0:
		return byNode
	}
	return peer
}

// addressOf is the address in an address with a port; the zero one if it is none.
func addressOf(text string) netip.Addr {
	address, _ := netip.ParseAddrPort(text)
	return address.Addr().Unmap()
}

// within reports whether an address is in one of the networks.
func within(address netip.Addr, networks []netip.Prefix) bool {
	address = address.WithZone("")
	return slices.ContainsFunc(networks, func(network netip.Prefix) bool { return network.Contains(address) })
}

// lastBeyond goes through the lines of a header from its end until it comes to
// an address that is not trusted, or to something that is no address. Read gives
// the addresses of a line, with the zero one for what is none.
func lastBeyond(peer netip.Addr, lines []string, read func(line string) []netip.Addr, trusted []netip.Prefix) netip.Addr {
	for _, line := range slices.Backward(lines) {
		for _, address := range slices.Backward(read(line)) {
			if !address.IsValid() {
				return peer
			}
			peer = address
			if !within(peer, trusted) {
				return peer
			}
		}
	}
	return peer
}

// forwardedFor reads a line of X-Forwarded-For: addresses with commas between.
func forwardedFor(line string) []netip.Addr {
	var all []netip.Addr
	for node := range strings.SplitSeq(line, ",") {
		all = append(all, nodeAddress(strings.TrimSpace(node)))
	}
	return all
}

// forwarded reads a line of Forwarded: for=192.0.2.1;proto=https, for="[::1]:80".
// Whose quotes do not end is no address as a whole: nobody can say where the one
// that the proxy has added begins.
func forwarded(line string) []netip.Addr {
	elements, whole := splitUnquoted(line, ',')
	if !whole {
		return []netip.Addr{{}}
	}
	var all []netip.Addr
	for _, element := range elements {
		all = append(all, forOf(element))
	}
	return all
}

// forOf is the address that an element of Forwarded is for, the zero one if it
// says none, or two.
func forOf(element string) (found netip.Addr) {
	pairs, _ := splitUnquoted(element, ';')
	said := false
	for _, pair := range pairs {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if !strings.EqualFold(name, "for") {
			continue
		}
		if said {
			return netip.Addr{}
		}
		said = true
		if inner, ok := strings.CutPrefix(value, `"`); ok {
			value = strings.TrimSuffix(inner, `"`)
		}
		found = nodeAddress(value)
	}
	return found
}

// splitUnquoted splits text where the separator stands outside of quotes, and
// reports whether all of them end.
func splitUnquoted(text string, separator byte) (parts []string, whole bool) {
	from := 0
	quoted, escaped := false, false
	for i := range len(text) {
		switch c := text[i]; {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:]), !quoted
}

// nodeAddress is an address with or without a port, one of IPv6 with or without
// brackets; the zero one for anything else, such as unknown.
func nodeAddress(text string) netip.Addr {
	if address, err := netip.ParseAddrPort(text); err == nil {
		return address.Addr().Unmap().WithZone("")
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		if text, ok = strings.CutSuffix(inner, "]"); !ok {
			return netip.Addr{}
		}
	}
	address, _ := netip.ParseAddr(text)
	return address.Unmap().WithZone("")
}
