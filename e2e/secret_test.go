package e2e

import "power_exporter/e2e/secrets"

// newSecret is a text that no exporter may show, neither as it is nor in
// disguise.
func newSecret() string { return secrets.New() }
