package config

import (
	"strings"
	"testing"
)

func TestAllows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern string
		yes, no string // addresses, separated by spaces
	}{
		{
			"10.0.8.0/24",
			"10.0.8.0 10.0.8.5 10.0.8.255:1 [::ffff:10.0.8.5] [::ffff:a00:805]",
			"10.0.9.5 10.0.80.5 ups1 10.0.8.5.example.net 10.0.8.nip.io [2001:db8::1] [::10.0.8.5] [64:ff9b::10.0.8.5]",
		},
		{"10.0.8.5/32", "10.0.8.5 10.0.8.5:80", "10.0.8.4 10.0.8.6"},
		{"0.0.0.0/0", "10.0.8.5 [::ffff:10.0.8.5]", "ups1 [::1]"},
		{"::ffff:10.0.8.0/120", "10.0.8.5 [::ffff:10.0.8.5]", "10.0.9.5 [::1]"},
		{"::ffff:0:0/96", "10.0.8.5", "[::1] ups1"},
		{"2001:db8::/32", "[2001:db8::1] [2001:DB8:0::1]:80", "[2001:db9::1] 10.0.8.5 ups1"},
		{"::/0", "[2001:db8::1] [::1]", "10.0.8.5 [::ffff:10.0.8.5] ups1"},

		{"ups1", "ups1 UPS1 ups1. ups1:80", "ups10 ups1.example.net xups1 ups 10.0.8.5"},
		{"UPS1.Example.net.", "ups1.example.net ups1.example.NET.:80", "ups1 example.net a.ups1.example.net"},
		{"*.pdu.example.net", "a.pdu.example.net A.PDU.example.net. a.b.pdu.example.net:80", "pdu.example.net apdu.example.net a.pdu.example.net.evil.example a.pdu-example.net"},
		{"pdu*", "pdu pdu1 pdu-a", "pdu1.example.net pdu.evil.example xpdu"},
		{"pdu*.example.net", "pdu.example.net pdu1.example.net", "pdu1.x.example.net pdu1.evil.example.net x.pdu1.example.net"},
		{"a.*.net", "a.b.net", "a.b.c.net a.net"},
		{"*.*.net", "a.b.net x.a.b.net", "b.net"},
		{"pdu?", "pdu1 pdux", "pdu pdu10"},
		{"?b", "ab", "b abb a.b"},
		{"*", "ups1 a.b.c 10.0.8.5 [2001:db8::1]:80", ""},
		{"*a", "a ba", "10.0.8.5 a.b"},
		{"*f*", "f beef", "[fe80::1] [::f]"},

		{"ups1:3493", "ups1 ups1:3493 UPS1.:3493", "ups1:3494 ups1:80 ups2:3493"},
		{"*.example.net:80", "a.example.net:80", "a.example.net a.example.net:8080"},
		{"*:80", "a:80 10.0.8.5:80 [::1]:80", "a a:443"},
		{"10.0.8.5", "10.0.8.5 10.0.8.5:80 [::ffff:10.0.8.5]", "10.0.8.50 10.0.8.4"},
		{"10.0.8.5:80", "10.0.8.5:80 [::ffff:10.0.8.5]:80", "10.0.8.5 10.0.8.5:8080"},
		{"[2001:db8::1]", "[2001:db8::1] [2001:DB8:0::1]:80", "[2001:db8::2]"},
		{"[2001:db8:0::1]:3493", "[2001:db8::1]", "[2001:db8::1]:80"},
		{"[::ffff:10.0.8.5]:3493", "10.0.8.5 [::ffff:10.0.8.5]", "10.0.8.6 10.0.8.5:80"},
	} {
		if _, err := parsePattern(tt.pattern); err != nil {
			t.Error(err)
		}
		auth := Auth{Targets: []string{tt.pattern}}
		policy := AdHocTargets{Patterns: []string{tt.pattern}}
		for want, addresses := range map[bool]string{true: tt.yes, false: tt.no} {
			for s := range strings.FieldsSeq(addresses) {
				a, err := nutAddress(s)
				if err != nil {
					t.Error(err)
				} else if auth.Allows(a) != want || policy.Allows(a) != want {
					t.Errorf("%s and %s: want %v", tt.pattern, s, want)
				}
			}
		}
	}
}

// TestHostileAddresses are addresses that no collector would have accepted, in
// case one does: they are in no network.
func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	auth := Auth{Targets: []string{
		"10.0.0.0/8", "0.0.0.0/0", "::/0", "fe80::/10", "::ffff:0:0/96", "10.0.8.5", "[fe80::1]", "*.example.net", "ups1",
	}}
	for _, host := range []string{
		"", " ", "010.0.8.5", "10.0.8.05", "0x0a.0.8.5", "0x0a000805", "10.8.5", "10.2053", "167774213", "10.0.8.5.",
		"10.0.8.5 ", " 10.0.8.5", "10.0.8.5\n", "10.0.8.5\x00", "10.0.8.5%eth0", "fe80::1%eth0", "fe80::1%", "::ffff:10.0.8.5%1",
		"[10.0.8.5]", "[fe80::1]", "10.0.8.5/8", "10.0.8.5:80", "１０.0.8.5", "10。0。8。5", "user@10.0.8.5",
		".example.net", "..example.net", "a..example.net", "ups1..", "ups1\x00", "*", "*.*", "ups1/", "ups1%00",
	} {
		if auth.Allows(Address{Host: host, Port: "3493"}) {
			t.Errorf("%q is allowed", host)
		}
	}
}

func TestAllowsNothing(t *testing.T) {
	t.Parallel()
	a := Address{Host: "ups1", Port: "3493"}
	if new(Auth).Allows(a) {
		t.Error("an auth without targets allows one")
	}
	for _, bad := range []string{"", "/", "10.0.0.0/33", "[", "ups[1]", "ups1:x", "u\x00"} {
		auth := Auth{Targets: []string{bad}}
		if auth.Allows(a) {
			t.Errorf("the bad pattern %q allows a target", bad)
		}
	}
	if (AdHocTargets{Deny: true}).Allows(a) || (AdHocTargets{Deny: true, Patterns: []string{"*"}}).Allows(a) {
		t.Error("deny allows")
	}
	if !(AdHocTargets{}).Allows(a) {
		t.Error("the default does not allow")
	}
}

func TestSchemesAndNetworks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, target string
		want            bool
	}{
		{"https://10.0.8.0/24", "https://10.0.8.5", true},
		{"https://10.0.8.0/24", "http://10.0.8.5:443", false},
		{"10.0.8.0/24", "http://10.0.8.5", true},
		{"http://pdu1", "pdu1:8080", true},
		{"http://pdu1:8080", "pdu1", false},
		{"https://*.example.net:8443", "https://a.b.example.net:8443", true},
		{"https://*", "http://pdu1", false},
		{"*", "https://pdu1", true},
	} {
		a, err := httpAddress(tt.target)
		if err != nil {
			t.Fatal(err)
		}
		if got := anyMatches([]string{tt.pattern}, a); got != tt.want {
			t.Errorf("%s allows %s: %v", tt.pattern, tt.target, got)
		}
	}
	network, _ := networkAddress("12345")
	for pattern, want := range map[string]bool{"12345": true, "1234": false, "*": true, "0.0.0.0/0": false, "*5": false, "https://12345": false} {
		if got := anyMatches([]string{pattern}, network); got != want {
			t.Errorf("%s allows network 12345: %v", pattern, got)
		}
	}
	if ups, err := nutAddress("ups1:80"); err != nil || anyMatches([]string{"http://ups1", "https://ups1"}, ups) {
		t.Error("a pattern of HTTP allows another protocol")
	}
}
