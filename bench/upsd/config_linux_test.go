package upsd

import (
	"regexp"
	"strings"
	"testing"
)

func TestDeviceFile(t *testing.T) {
	t.Parallel()
	variable := regexp.MustCompile(`^[a-z0-9.]+: \S.*$`)
	for i := range Count {
		for line := range strings.Lines(deviceFile(i)) {
			if !variable.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("UPS %d: %q is no variable with a value", i, line)
			}
		}
	}
}
