package torture

import (
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
)

// secret is every password, token and key of these tests. It needs quoting in
// most places it can come to.
var secret = `open "sesame" \ ` + rand.Text()

// disguises are the forms in which the secret can show: however its beginning is
// quoted, its end stays as it is.
var disguises = []string{
	strings.TrimPrefix(secret, `open "sesame" \ `),
	base64.StdEncoding.EncodeToString([]byte(secret)),
	base64.StdEncoding.EncodeToString([]byte("u:" + secret)),
	url.QueryEscape(secret),
}

// noSecret fails the test if the secret is in the text.
func noSecret(t *testing.T, where, text string) {
	t.Helper()
	for _, disguise := range disguises {
		if before, _, found := strings.Cut(text, disguise); found {
			t.Errorf("%s shows the secret after %q", where, before[max(0, len(before)-200):])
		}
	}
}
