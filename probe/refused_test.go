package probe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"power_exporter/collector"
	"power_exporter/power"
)

// TestRefusedCredentials tells a target that refuses the credentials from one
// that fails otherwise.
func TestRefusedCredentials(t *testing.T) {
	t.Parallel()
	for want, failure := range map[string]error{
		"1": fmt.Errorf("reading outlets: %w: look at the token", collector.ErrRefused),
		"0": errors.New("reading outlets: connection refused"),
	} {
		f := newFixture(t, "", func(context.Context) ([]power.Device, error) { return nil, failure })
		answer := f.get(t, "/probe?module=nut&target=ups.example.net").Body.String()
		for _, line := range []string{"probe_success 0", "power_probe_credentials_refused " + want} {
			if !strings.Contains(answer, "\n"+line+"\n") {
				t.Errorf("after %q there is no %q in\n%s", failure, line, answer)
			}
		}
	}
}
