package deploy

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	helpFlag = regexp.MustCompile(`(?m)^ {2,6}(?:-[a-z], )?--(?:\[no-\])?([a-z.-]+)`)
	usedFlag = regexp.MustCompile(`--([a-z]+[.-][a-z.-]*[a-z])`)
)

// TestFlags finds flags that the exporter does not have.
func TestFlags(t *testing.T) {
	t.Parallel()
	help, err := exec.CommandContext(t.Context(), "go", "run", "-buildvcs=false", "..", "--help").CombinedOutput()
	if err != nil {
		t.Fatalf("--help: %v\n%s", err, help)
	}
	var there []string
	for _, m := range helpFlag.FindAllStringSubmatch(string(help), -1) {
		there = append(there, m[1])
	}
	compose := read(t, "compose/compose.yml")
	demo := read(t, "compose/demo.yml")
	for name, text := range map[string]string{
		"the unit":             read(t, "systemd/power_exporter.service"),
		"its defaults":         read(t, "packages/power_exporter.default"),
		"the Deployment":       read(t, "kubernetes/base/deployment.yaml"),
		"exporter in compose":  between(t, compose, "\n  exporter:\n", "\n  prometheus:\n"),
		"exporter in the demo": between(t, demo, "\n  exporter:\n", "\n  devices:\n"),
	} {
		flags := usedFlag.FindAllStringSubmatch(text, -1)
		if len(flags) == 0 {
			t.Errorf("%s uses no flag", name)
		}
		for _, m := range flags {
			if !slices.Contains(there, m[1]) {
				t.Errorf("%s: there is no flag --%s", name, m[1])
			}
		}
	}
}

// between is the part of a text from one line to another.
func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, text, found := strings.Cut(text, from)
	text, _, ended := strings.Cut(text, to)
	if !found || !ended {
		t.Fatalf("there is nothing between %q and %q", from, to)
	}
	return text
}

// TestState looks whether the service may write where it is started, which is
// where it keeps what devices push.
func TestState(t *testing.T) {
	t.Parallel()
	unit := read(t, "systemd/power_exporter.service")
	for _, line := range []string{"StateDirectory=power_exporter", "StateDirectoryMode=0700", "WorkingDirectory=%S/power_exporter", "ProtectSystem=strict"} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("the unit has no line %s", line)
		}
	}
}
