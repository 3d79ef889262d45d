package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// secrets is every secret of every test so far.
var secrets struct {
	mu  sync.Mutex
	all []string
}

// newSecret is a text that no exporter may show from now on, neither as it is
// nor in disguise. It needs quoting in most places it can come to.
func newSecret() string {
	secret := `open "sesame" \ ` + rand.Text()
	secrets.mu.Lock()
	defer secrets.mu.Unlock()
	secrets.all = append(secrets.all, secret)
	return secret
}

// noSecret fails the test if a secret is in the text.
func noSecret(t *testing.T, where, text string) {
	t.Helper()
	secrets.mu.Lock()
	defer secrets.mu.Unlock()
	for _, secret := range secrets.all {
		// However the beginning is quoted, the end stays as it is.
		_, end, _ := strings.Cut(secret, `\ `)
		for _, disguise := range []string{end, base64.StdEncoding.EncodeToString([]byte(secret)), url.QueryEscape(secret)} {
			if before, _, found := strings.Cut(text, disguise); found {
				t.Errorf("%s shows a secret after %q", where, before[max(0, len(before)-100):])
			}
		}
	}
}
