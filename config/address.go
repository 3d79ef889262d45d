package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// Address is where a target is reached, in one spelling only: the host in lower
// case, an IP address as package netip writes it.
type Address struct {
	Scheme string // http or https; empty where the collector speaks another protocol
	Host   string // a name or an IP address, without brackets; the number of a network at a service
	Port   string // empty where the collector knows no port
}

// String is scheme://host:port, host:port where there is no scheme, or the host
// alone where there is no port either, with brackets where an IPv6 address
// needs them. It is also the pattern of this address alone.
func (a Address) String() string {
	switch {
	case a.Port == "":
		return a.Host
	case a.Scheme == "":
		return a.hostPort()
	}
	return a.Scheme + "://" + a.hostPort()
}

// URL is the address as a URL, without the port that goes with the scheme.
func (a Address) URL() *url.URL {
	u := &url.URL{Scheme: a.Scheme, Host: a.hostPort()}
	if a.Port == defaultPorts[a.Scheme] {
		u.Host = strings.TrimSuffix(u.Host, ":"+a.Port)
	}
	return u
}

func (a Address) hostPort() string { return net.JoinHostPort(a.Host, a.Port) }

// hostAddress reads host[:port]; the port is defaultPort if there is none.
func hostAddress(s, defaultPort string) (Address, error) {
	a, err := parseHostPort(s)
	if err != nil {
		return Address{}, fmt.Errorf("%s is not host or host:port: %w", quote(s), err)
	}
	if a.Port == "" {
		a.Port = defaultPort
	}
	return a, nil
}

func parseHostPort(s string) (Address, error) {
	if err := bare(s); err != nil {
		return Address{}, err
	}
	host, port, err := splitHostPort(s)
	if err != nil {
		return Address{}, err
	}
	host, err = canonicalHost(host)
	return Address{Host: host, Port: port}, err
}

// bare refuses what belongs to a URL and not to host:port.
func bare(s string) error {
	scheme, _, isURL := strings.Cut(s, "://")
	switch {
	case s == "":
		return errors.New("it is empty")
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("it contains a space or a control character: remove it")
	case isURL:
		return fmt.Errorf("leave out %s", quote(scheme+"://"))
	case strings.Contains(s, "@"):
		return errors.New("leave out the @ and what is before it: credentials belong in auths, a UPS name in ups")
	case strings.ContainsAny(s, `/\?#`):
		return errors.New("leave out the path and what follows it")
	}
	return nil
}

// splitHostPort splits host, host:port, [v6] and [v6]:port. The host is not
// checked unless it was in brackets.
func splitHostPort(s string) (host, port string, err error) {
	if inside, bracket := strings.CutPrefix(s, "["); bracket {
		host, rest, closed := strings.Cut(inside, "]")
		if !closed {
			return "", "", errors.New("close the [ of the IPv6 address with a ]")
		}
		if ip, err := netip.ParseAddr(host); err != nil || !ip.Is6() {
			return "", "", fmt.Errorf("%s is no IPv6 address, and only those are in brackets", quote(host))
		}
		if rest == "" {
			return host, "", nil
		}
		port, colon := strings.CutPrefix(rest, ":")
		if !colon {
			return "", "", errors.New("after the ] there can only be a colon and a port")
		}
		return host, port, checkPort(port)
	}
	if strings.Count(s, ":") > 1 {
		return "", "", errors.New("put an IPv6 address in brackets, like [2001:db8::1]")
	}
	host, port, colon := strings.Cut(s, ":")
	if !colon {
		return host, "", nil
	}
	return host, port, checkPort(port)
}

func checkPort(port string) error {
	n, err := strconv.ParseUint(port, 10, 16)
	switch {
	case port == "":
		return errors.New("the port after the colon is missing")
	case err != nil || n == 0 || port[0] == '0':
		return fmt.Errorf("the port %s must be a number from 1 to 65535", quote(port))
	}
	return nil
}

// canonicalHost is the one spelling of a host name or IP address.
func canonicalHost(host string) (string, error) {
	if host == "" {
		return "", errors.New("the host is missing")
	}
	if strings.Contains(host, "%") {
		return "", errors.New("an address with a zone (%) is not supported: use one that is reached without")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().String(), nil
	}
	if err := checkHostName(host, ""); err != nil {
		return "", err
	}
	if endsInNumber(host) {
		return "", errors.New("neither a host name nor an IPv4 address: write four numbers from 0 to 255 without leading zeros")
	}
	return strings.ToLower(host), nil
}

// checkHostName refuses what cannot be a host name. The characters in also are
// accepted on top.
func checkHostName(host, also string) error {
	if r := strings.Trim(host, letters+digits+"-_."+also); r != "" {
		if !isASCII(host) {
			return errors.New("write a name with other letters than a to z in its xn-- form")
		}
		return fmt.Errorf("a host name cannot contain %s", quote(r[:1]))
	}
	if len(host) > 253 {
		return errors.New("a host name has at most 253 characters")
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if label == "" {
			return errors.New("a host name cannot start with a dot or have two in a row")
		}
		if len(label) > 63 {
			return errors.New("a part of a host name has at most 63 characters")
		}
	}
	return nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// endsInNumber reports whether the last part of host is a number, as in
// 010.0.8.5, 10.8.5 and 0x0a000805. No host name ends so, and a resolver of the
// C library takes all of them for IPv4 addresses.
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, digits+"abcdef") == ""
	}
	return strings.Trim(last, digits) == ""
}
