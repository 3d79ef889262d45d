package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"power_exporter/exposition"
)

func TestRun(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := run([]string{"METRICS.md"}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := exposition.WriteReference(&want); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("the file is not the reference")
	}
}

func TestRunRefusesWrongUse(t *testing.T) {
	for _, args := range [][]string{nil, {"a", "b"}, {filepath.Join(t.TempDir(), "no such folder", "METRICS.md")}} {
		if err := run(args); err == nil {
			t.Errorf("arguments %q gave no error", args)
		}
	}
}
