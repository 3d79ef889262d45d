package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

func main() {
	if err := write(".."); err != nil {
		slog.New(slog.NewTextHandler(os.Stderr, nil)).Error("generating the dashboards failed", "err", err)
		os.Exit(1)
	}
}

// boards are the dashboards, in the order of their links.
func boards() []board {
	return []board{fleet(), pdus(), upses(), energy(), environment(), exporter()}
}

// write writes all dashboards into a folder.
func write(folder string) error {
	all := boards()
	for _, b := range all {
		text, err := b.encode(all)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, b.file()), text, 0o644); err != nil { //nolint:gosec // everybody may read a dashboard
			return fmt.Errorf("writing %s: %w", b.file(), err)
		}
	}
	return nil
}
