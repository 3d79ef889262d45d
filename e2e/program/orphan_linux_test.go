package program

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"
)

// TestDiesWithTheTests kills a program that has started another one: that one
// dies, too, and not before.
func TestDiesWithTheTests(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	parent := newProgram(t.Context(), "parent", os.Args[0])
	as("parent")(parent.cmd)
	parent.cmd.ExtraFiles = []*os.File{w}
	if err := parent.start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close() // now only the two others have it
	Eventually(t, "the child is ready", parent.ready)
	if err := parent.kill(); err != nil {
		t.Error(err)
	}
	if parent.Stderr() != "" {
		t.Errorf("the parent says %q", parent.Stderr())
	}
	if err := r.SetReadDeadline(time.Now().Add(Patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the child lives on: %v", err)
	}
}
