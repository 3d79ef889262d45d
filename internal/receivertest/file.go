package receivertest

import (
	"os"
	"path/filepath"
	"testing"

	"power_exporter/receiver"
)

// File is what is in a file.
func File(tb testing.TB, name string) string {
	tb.Helper()
	data, err := os.ReadFile(name) //nolint:gosec // the file is the test's own
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// Stored is the file of the store in a folder.
func Stored(tb testing.TB, folder string) string {
	tb.Helper()
	return File(tb, filepath.Join(folder, receiver.FileName))
}

// Folder is a new folder whose store has such a file.
func Folder(tb testing.TB, stored string) string {
	tb.Helper()
	folder := tb.TempDir()
	if err := os.WriteFile(filepath.Join(folder, receiver.FileName), []byte(stored), 0o600); err != nil {
		tb.Fatal(err)
	}
	return folder
}
