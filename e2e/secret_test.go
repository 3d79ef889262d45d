package e2e

import (
	"testing"

	"power_exporter/e2e/secrets"
)

// newSecret is a text that no exporter may show, neither as it is nor in
// disguise.
func newSecret() string { return secrets.New() }

// noSecret fails the test if a secret of any test is in the text.
func noSecret(t *testing.T, where, text string) {
	t.Helper()
	if before, found := secrets.Find(text); found {
		t.Errorf("%s shows a secret after %q", where, before)
	}
}
