//go:build !linux

package torture

import "testing"

// tortureFullDisk cannot be had without Linux's namespaces.
func tortureFullDisk(t *testing.T, _ *notes) {
	t.Fatal("a small disk of a program's own is made by Linux's namespaces: run this test on Linux")
}

// tortureReadOnly, alike.
func tortureReadOnly(t *testing.T, _ *notes) {
	t.Fatal("a read-only disk of a program's own is made by Linux's namespaces: run this test on Linux")
}
