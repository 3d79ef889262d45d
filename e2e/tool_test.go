package e2e

import (
	"os"
	"os/exec"
	"testing"
)

// debian is the package of each program that the tests use, and where it is if
// that is not among the ordinary programs.
var debian = map[string]struct{ from, path string }{
	"amtool":                  {from: "prometheus-alertmanager"},
	"dummy-ups":               {from: "nut-server", path: "/lib/nut/dummy-ups"},
	"chromium":                {from: "chromium"},
	"prometheus":              {from: "prometheus"},
	"prometheus-alertmanager": {from: "prometheus-alertmanager"},
	"promtool":                {from: "prometheus"},
	// The one in /usr/sbin refuses as long as /etc/nut/nut.conf says so.
	"upsd": {from: "nut-server", path: "/lib/nut/upsd"},
	"upsc": {from: "nut-client"},
}

// tool is the path of a program that the tests use. That it is missing is a
// failure: a test that is skipped shows nothing.
func tool(t *testing.T, name string) string {
	t.Helper()
	known := debian[name]
	if known.path != "" {
		if _, err := os.Stat(known.path); err == nil {
			return known.path
		}
	} else if path, err := exec.LookPath(name); err == nil {
		return path
	}
	t.Fatalf("the program %s is missing: it is in the Debian package %s, which \"make test\" installs", name, known.from)
	return ""
}
