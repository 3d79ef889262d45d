package e2e

import (
	"os/exec"
	"strings"
	"testing"
)

// lint has promtool check metrics; it must have nothing to say.
func lint(t *testing.T, metrics string) {
	t.Helper()
	promtool := exec.CommandContext(t.Context(), tool(t, "promtool"), "check", "metrics")
	promtool.Stdin = strings.NewReader(metrics)
	if output, err := promtool.CombinedOutput(); err != nil || len(output) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, output)
	}
}
