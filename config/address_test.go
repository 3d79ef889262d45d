package config

import (
	"strings"
	"testing"
)

func TestNUTAddress(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"ups1":                     "ups1:3493",
		"UPS1.Example.NET":         "ups1.example.net:3493",
		"ups1.example.net.":        "ups1.example.net.:3493",
		"ups_1-a":                  "ups_1-a:3493",
		"1ups":                     "1ups:3493",
		"0xups":                    "0xups:3493",
		"ups1:80":                  "ups1:80",
		"10.0.8.5":                 "10.0.8.5:3493",
		"10.0.8.5:65535":           "10.0.8.5:65535",
		"[::1]":                    "[::1]:3493",
		"[2001:DB8:0::1]:1":        "[2001:db8::1]:1",
		"[::ffff:10.0.8.5]":        "10.0.8.5:3493",
		"[::ffff:a00:805]:80":      "10.0.8.5:80",
		"xn--bcher-kva.example":    "xn--bcher-kva.example:3493",
		strings.Repeat("a", 63):    strings.Repeat("a", 63) + ":3493",
		"localhost":                "localhost:3493",
		"ups1.10.example":          "ups1.10.example:3493",
		"dead.beef":                "dead.beef:3493",
		"[2001:db8::ffff:1.2.3.4]": "[2001:db8::ffff:102:304]:3493",
	} {
		got, err := nutAddress(s)
		if err != nil || got.String() != want {
			t.Errorf("%s: want %s, got %s, %v", s, want, got, err)
			continue
		}
		if again, err := nutAddress(got.String()); err != nil || again != got {
			t.Errorf("%s: read again: %s, %v", s, again, err)
		}
	}
}

func TestNUTAddressRefused(t *testing.T) {
	t.Parallel()
	const number = "neither a host name nor an IPv4 address: write four numbers from 0 to 255 without leading zeros"
	for s, want := range map[string]string{
		"":                               "it is empty",
		" ":                              "it contains a space or a control character: remove it",
		"ups1\n":                         "it contains a space or a control character: remove it",
		"ups1\x00":                       "it contains a space or a control character: remove it",
		"ups1\u00a0":                     "it contains a space or a control character: remove it",
		"http://ups1":                    `leave out "http://"`,
		"://":                            `leave out "://"`,
		"user:pass@ups1":                 "leave out the @ and what is before it: credentials belong in auths, a UPS name in ups",
		"ups1/":                          "leave out the path and what follows it",
		`ups1\x`:                         "leave out the path and what follows it",
		"ups1?x=y":                       "leave out the path and what follows it",
		"ups1#":                          "leave out the path and what follows it",
		":":                              "the port after the colon is missing",
		":80":                            "the host is missing",
		"ups1:":                          "the port after the colon is missing",
		"ups1:0":                         `the port "0" must be a number from 1 to 65535`,
		"ups1:+80":                       `the port "+80" must be a number from 1 to 65535`,
		"ups1:-1":                        `the port "-1" must be a number from 1 to 65535`,
		"ups1:080":                       `the port "080" must be a number from 1 to 65535`,
		"ups1:65536":                     `the port "65536" must be a number from 1 to 65535`,
		"ups1:0x50":                      `the port "0x50" must be a number from 1 to 65535`,
		"ups1:nut":                       `the port "nut" must be a number from 1 to 65535`,
		"ups1:٣":                         `the port "٣" must be a number from 1 to 65535`,
		"::1":                            "put an IPv6 address in brackets, like [2001:db8::1]",
		"a:1:2":                          "put an IPv6 address in brackets, like [2001:db8::1]",
		"[":                              "close the [ of the IPv6 address with a ]",
		"[]":                             `"" is no IPv6 address, and only those are in brackets`,
		"[10.0.8.5]":                     `"10.0.8.5" is no IPv6 address, and only those are in brackets`,
		"[ups1]":                         `"ups1" is no IPv6 address, and only those are in brackets`,
		"[::1]80":                        "after the ] there can only be a colon and a port",
		"[::1]:":                         "the port after the colon is missing",
		"[fe80::1%eth0]":                 "an address with a zone (%) is not supported: use one that is reached without",
		"[::ffff:10.0.8.5%eth0]":         "an address with a zone (%) is not supported: use one that is reached without",
		"10.0.8.5%eth0":                  "an address with a zone (%) is not supported: use one that is reached without",
		"010.0.8.5":                      number,
		"10.0.8.05":                      number,
		"0x0a.0.8.5":                     number,
		"0x0a000805":                     number,
		"0X0A.8.0X5":                     number,
		"10.8.5":                         number,
		"10.0.8.256":                     number,
		"1.2.3.4.5":                      number,
		"167774213":                      number,
		"012":                            number,
		"0x":                             number,
		"10.0.8.5.":                      number,
		"ups1.5":                         number,
		".":                              "a host name cannot start with a dot or have two in a row",
		".ups1":                          "a host name cannot start with a dot or have two in a row",
		"a..b":                           "a host name cannot start with a dot or have two in a row",
		"ups1..":                         "a host name cannot start with a dot or have two in a row",
		"bücher":                         "write a name with other letters than a to z in its xn-- form",
		"１０.0.8.5":                       "write a name with other letters than a to z in its xn-- form",
		"ups*":                           `a host name cannot contain "*"`,
		"ups1,ups2":                      `a host name cannot contain ","`,
		"\xff":                           "write a name with other letters than a to z in its xn-- form",
		strings.Repeat("a", 64):          "a part of a host name has at most 63 characters",
		strings.Repeat("a.", 127) + "ab": "a host name has at most 253 characters",
	} {
		got, err := nutAddress(s)
		if want = quote(s) + " is not host or host:port: " + want; err == nil || err.Error() != want {
			t.Errorf("%q: want %s, got %v, %v", s, want, got, err)
		}
	}
}

func TestAddressString(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]Address{
		"12345":     {Host: "12345"},
		"ups1:80":   {Host: "ups1", Port: "80"},
		"[::1]:443": {Host: "::1", Port: "443"},
	} {
		if got := a.String(); got != want {
			t.Errorf("want %s, got %s", want, got)
		}
	}
}

func TestHTTPAddress(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]struct{ text, url string }{
		"pdu1":                  {"http://pdu1:80", "http://pdu1"},
		"pdu1:8080":             {"http://pdu1:8080", "http://pdu1:8080"},
		"http://PDU1/":          {"http://pdu1:80", "http://pdu1"},
		"HTTPS://pdu1":          {"https://pdu1:443", "https://pdu1"},
		"https://10.0.8.5:8443": {"https://10.0.8.5:8443", "https://10.0.8.5:8443"},
		"https://pdu1:80":       {"https://pdu1:80", "https://pdu1:80"},
		"http://[2001:DB8::1]":  {"http://[2001:db8::1]:80", "http://[2001:db8::1]"},
		"[::ffff:10.0.8.5]:81":  {"http://10.0.8.5:81", "http://10.0.8.5:81"},
	} {
		got, err := httpAddress(s)
		if err != nil || got.String() != want.text || got.URL().String() != want.url {
			t.Errorf("%s: got %s, %s, %v; want %s, %s", s, got, got.URL(), err, want.text, want.url)
		}
		if again, err := httpAddress(got.String()); err != nil || again != got {
			t.Errorf("%s: read again: %s, %v", s, again, err)
		}
	}
}

func TestNetworkAddress(t *testing.T) {
	t.Parallel()
	if got, err := networkAddress("12345"); err != nil || got.String() != "12345" {
		t.Errorf("got %s, %v", got, err)
	}
	for _, bad := range []string{"", "pdu1", "1.2", "-1", "123456789012345678901", "12345/x"} {
		if got, err := networkAddress(bad); err == nil {
			t.Errorf("%q is accepted as %s", bad, got)
		}
	}
}
