// Package e2e runs the real exporter against real servers on this machine: upsd
// with dummy-ups, Prometheus, and simulated ones where a real one cannot
// misbehave on demand.
package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"power_exporter/e2e/program"
)

// What --version must say of the binary under test.
const (
	builtVersion  = "0.0.0-e2e"
	builtRevision = "0123456789abcdef"
	builtBranch   = "e2e"
	builtUser     = "tests@e2e"
	builtDate     = "20261120-12:00:00"
)

var (
	// scratch is the directory of all that the tests write. Its path is short,
	// since that of a Unix socket, which upsd's drivers have there, must be.
	scratch string
	// binary is the exporter under test.
	binary string
	// rooms numbers the directories in scratch.
	rooms atomic.Int64
)

// TestMain runs the tests with what all of them share.
func TestMain(m *testing.M) {
	os.Exit(runAll(m))
}

// runAll builds the exporter, runs the tests and cleans up.
func runAll(m *testing.M) int {
	var err error
	if scratch, err = os.MkdirTemp("/tmp", "pe2e"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	if binary, err = build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// build builds the exporter as promu does.
func build() (path string, err error) {
	const in = "github.com/prometheus/common/version."
	var values []string
	for name, value := range map[string]string{
		"Version": builtVersion, "Revision": builtRevision, "Branch": builtBranch, "BuildUser": builtUser, "BuildDate": builtDate,
	} {
		values = append(values, "-X "+in+name+"="+value)
	}
	return program.BuildExporter(context.Background(), scratch, "-ldflags", strings.Join(values, " "))
}

// room is a new directory for a test, with a short path.
func room(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(scratch, strconv.FormatInt(rooms.Add(1), 10))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// write writes a file and returns its path. It appears at once and whole, also
// for who is watching it.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	return path
}
