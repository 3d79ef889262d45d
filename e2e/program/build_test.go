package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "built")
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\nvar word string\n\nfunc main() { print(word) }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Build(t.Context(), path, filepath.Join(dir, "main.go"), "-ldflags", "-X main.word=hello"); err != nil {
		t.Fatal(err)
	}
	p := Start(t, "built", nil, path)
	p.Wait(t)
	if p.Code() != 0 || p.Stderr() != "hello" {
		t.Errorf("it ended with %d, and wrote %q", p.Code(), p.Stderr())
	}
	err := Build(t.Context(), path, "power_exporter/missing")
	if err == nil || !strings.HasPrefix(err.Error(), "building power_exporter/missing: exit status 1\n") || !strings.Contains(err.Error(), "power_exporter/missing") {
		t.Error(err)
	}
}
