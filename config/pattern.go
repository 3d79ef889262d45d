package config

import (
	"errors"
	"fmt"
	"net/netip"
	"path"
	"strings"
)

// pattern says which addresses may be reached. Exactly one of prefix, ip,
// network and glob is set.
type pattern struct {
	scheme  string       // empty means any, and none
	prefix  netip.Prefix // of literal IP addresses
	network string       // the number of a network at a service
	ip      netip.Addr   // one literal IP address
	glob    string       // of host names; * alone is every host, IP addresses too
	port    string       // empty means any
}

// parsePattern reads a CIDR, or a host glob or IP address with or without a
// port, any of them after http:// or https:// or not; or the number of a
// network.
func parsePattern(s string) (pattern, error) {
	p, err := readPattern(s)
	if err != nil {
		return pattern{}, fmt.Errorf("%s is no pattern: %w", quote(s), err)
	}
	return p, nil
}

func readPattern(s string) (pattern, error) {
	if s == "" {
		return pattern{}, errors.New("it is empty: write a CIDR, a host glob or host:port")
	}
	if scheme, rest, ok := strings.Cut(s, "://"); ok && (scheme == "http" || scheme == "https") {
		p, err := readPattern(rest)
		if err == nil && (p.scheme != "" || p.network != "") {
			err = errors.New("after the scheme there must be a CIDR, a host glob or host:port")
		}
		p.scheme = scheme
		return p, err
	}
	if _, err := networkAddress(s); err == nil {
		return pattern{network: s}, nil
	}
	if strings.Contains(s, "/") {
		return readPrefix(s)
	}
	host, port, err := splitHostPort(s)
	if err != nil {
		return pattern{}, err
	}
	if strings.ContainsAny(host, "*?") {
		glob, err := readGlob(host)
		return pattern{glob: glob, port: port}, err
	}
	host, err = canonicalHost(host)
	if err != nil {
		return pattern{}, err
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return pattern{ip: ip, port: port}, nil
	}
	return pattern{glob: strings.TrimSuffix(host, "."), port: port}, nil
}

func readPrefix(s string) (pattern, error) {
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return pattern{}, errors.New("with a / it must be a CIDR such as 10.0.8.0/24 or 2001:db8::/32, without a scheme, path or port")
	}
	if a := prefix.Addr(); a.Is4In6() && prefix.Bits() >= 96 {
		prefix = netip.PrefixFrom(a.Unmap(), prefix.Bits()-96)
	}
	if prefix != prefix.Masked() {
		return pattern{}, fmt.Errorf("the address is not the first of its network: write %s for the network", prefix.Masked())
	}
	return pattern{prefix: prefix}, nil
}

func readGlob(host string) (string, error) {
	if host == "*" {
		return host, nil
	}
	if err := checkHostName(host, "*?"); err != nil {
		return "", err
	}
	host = strings.TrimSuffix(host, ".")
	// 10.0.8.* would match the name 10.0.8.example, and not only addresses.
	if strings.Trim(host, digits+"*?.") == "" {
		return "", errors.New("a glob needs a letter: write a CIDR such as 10.0.8.0/24 for addresses, * for every host")
	}
	return strings.ToLower(host), nil
}

// matches reports whether addr is one of those that p stands for.
func (p pattern) matches(addr Address) bool {
	if p.scheme != "" && p.scheme != addr.Scheme || p.port != "" && p.port != addr.Port || addr.Host == "" || strings.Contains(addr.Host, "%") {
		return false
	}
	// netip refuses every other spelling of an IPv4 address, which then counts
	// as a name.
	ip, err := netip.ParseAddr(addr.Host)
	literal := err == nil
	switch {
	case p.prefix.IsValid():
		return literal && p.prefix.Contains(ip.Unmap())
	case p.ip.IsValid():
		return literal && p.ip == ip.Unmap()
	case p.glob == "*":
		return true
	case p.network != "":
		return addr.Port == "" && p.network == addr.Host
	}
	return !literal && matchHost(p.glob, strings.ToLower(strings.TrimSuffix(addr.Host, ".")))
}

// matchHost compares part by part, so that pdu* does not match
// pdu.evil.example. Only a leading "*." stands for any number of parts.
func matchHost(glob, host string) bool {
	globs, parts := strings.Split(glob, "."), strings.Split(host, ".")
	if globs[0] == "*" && len(parts) > len(globs) {
		parts = parts[len(parts)-len(globs):]
	}
	if len(globs) != len(parts) {
		return false
	}
	for i := range globs {
		if ok, err := path.Match(globs[i], parts[i]); err != nil || !ok || parts[i] == "" {
			return false
		}
	}
	return true
}

// anyMatches reports whether addr matches one of the patterns. A bad pattern,
// which no file that was loaded has, matches nothing.
func anyMatches(patterns []string, addr Address) bool {
	for _, s := range patterns {
		if p, err := parsePattern(s); err == nil && p.matches(addr) {
			return true
		}
	}
	return false
}

func checkPatterns(p *problems, path string, patterns []string) {
	for i, s := range patterns {
		if _, err := parsePattern(s); err != nil {
			p.add(item(path, i), "%v", err)
		}
	}
}
