package main

import "testing"

// TestInFlags shows that what is wrong with a request is said in the words of
// the command line, and that nobody's own words change.
func TestInFlags(t *testing.T) {
	t.Parallel()
	for sentence, want := range map[string]string{
		"parameter target is missing: add target= with the name of a configured target, or with an address and module=":           "--target is missing: add --target= with the name of a configured target, or with an address and --module=",
		`target "module=a\"b auth=" is not configured by that name, and parameter module is missing: add module= with one of nut`: `target "module=a\"b auth=" is not configured by that name, and --module is missing: add --module= with one of nut`,
		`target "rack" is configured with auth "a": leave out auth="b"`:                                                           `target "rack" is configured with auth "a": leave out --auth="b"`,
		`unknown parameter "upss": known are target, module, auth, device, debug, ups`:                                            `unknown parameter "upss": known are target, module, auth, device, debug, ups`,
		"parameter ups is bad": "--param=ups is bad",
		`auth "a" is not bound to 192.168.0.1:3493: add "192.168.0.1:3493" to auths.a.targets in the configuration`: `auth "a" is not bound to 192.168.0.1:3493: add "192.168.0.1:3493" to auths.a.targets in the configuration`,
	} {
		if got := inFlags(sentence); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}
