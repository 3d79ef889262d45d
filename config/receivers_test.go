package config

import (
	"fmt"
	"testing"
)

func TestProxies(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 "[]",
		"receivers: {}":                    "[]",
		"receivers: {trusted_proxies: []}": "[]",
		"receivers: {trusted_proxies: ['::1', 10.0.0.0/8, 192.0.2.1, '::ffff:192.0.2.2', '2001:db8::/32', '::ffff:10.0.8.0/120']}": "[::1/128 10.0.0.0/8 192.0.2.1/32 192.0.2.2/32 2001:db8::/32 10.0.8.0/24]",
	} {
		c := mustParse(t, text)
		if got := fmt.Sprint(c.Receivers.Proxies()); got != want || !c.Receivers.None() {
			t.Errorf("%s: the proxies are %s, want %s; nobody may push: %v", text, got, want, c.Receivers.None())
		}
	}
}
