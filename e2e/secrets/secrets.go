// Package secrets makes the passwords, tokens and keys of the end-to-end tests,
// and finds them in what a program has written, so that no test needs to know
// what another one keeps secret.
package secrets

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"
	"sync"
	"testing"
)

// Marker is in every secret, at both ends: where it shows up, a secret or a half
// of one does. scripts/check-secrets looks for it in all that the tests of the
// tree write.
const Marker = "PE5ecret"

// demo is what is secret in examples/demo.yml, but for one that is the name of
// a key as well.
var demo = []string{"demo-company", "demo-hook", "demo-password", "demo-secret", "demo-token"}

// New is a secret that nobody had before. It needs quoting in most places it can
// come to, and is short enough for bcrypt.
func New() string {
	return Marker + rand.Text()[:12] + ` "sesame" \ ` + Marker + rand.Text()[:12]
}

// disguises are what a secret is known by, in lower case: as it is, as
// hexadecimal digits, and in base64, where it looks different at each of three
// places.
var disguises = sync.OnceValue(func() []string {
	all := []string{strings.ToLower(Marker), hex.EncodeToString([]byte(Marker))}
	for before := range 3 {
		// Without the characters that depend on what is before and behind.
		text := base64.RawStdEncoding.EncodeToString([]byte("xx"[:before] + Marker))
		all = append(all, strings.ToLower(text[(before*8+5)/6:len(text)-1]))
	}
	return append(all, demo...)
})

// Find looks for secrets in a text, or in what was packed with gzip, as profiles
// are. It gives up to 100 bytes of what is before the first, in lower case.
func Find(text string) (before string, found bool) {
	lower := strings.ToLower(unpacked(text))
	for _, disguise := range disguises() {
		if i := strings.Index(lower, disguise); i >= 0 {
			return lower[max(0, i-100):i], true
		}
	}
	return "", false
}

// Absent fails the test if there is a secret in the text, as Find looks for it.
// Where says what text it is.
func Absent(t *testing.T, where, text string) {
	t.Helper()
	if before, found := Find(text); found {
		t.Errorf("%s shows a secret after %q", where, before)
	}
}

// unpacked is what was packed with gzip, or the text itself.
func unpacked(text string) string {
	r, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		return text
	}
	var all bytes.Buffer
	if _, err := io.Copy(&all, r); err != nil { //nolint:gosec // a test unpacks what its own program has packed
		return text
	}
	return all.String()
}
