// Package torture runs the real exporter against devices, senders and disks that
// fail in every way there is, and holds what it then says: the tables of
// docs/faults.md are written by these tests, and compared with what they see.
//
// The faults are made on this machine by servers of the tests' own; what they
// do when they are well is done by the simulators. Some need Linux.
package torture

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"power_exporter/e2e/program"
)

var (
	// scratch is the directory of all that the tests write.
	scratch string
	// underTest is the path of the exporter.
	underTest string
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
	if scratch, err = os.MkdirTemp("", "torture"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	// Somebody who is not root must be able to look at what is in it.
	if err := os.Chmod(scratch, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if underTest, err = program.BuildExporter(context.Background(), scratch); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	// Most tests wait, for devices that do not answer.
	flag.Parse()
	if err := flag.Set("test.parallel", "64"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// room is a new directory for a test.
func room(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(scratch, strconv.FormatInt(rooms.Add(1), 10))
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// write writes a file and returns its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
