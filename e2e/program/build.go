package program

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
)

// BuildExporter builds the exporter as a file in a folder, and returns its path.
// It has the race detector if the tests have it: a race then ends the exporter
// with a code that is not 0. The flags are more of those of "go build".
func BuildExporter(ctx context.Context, dir string, flags ...string) (path string, err error) {
	if RaceDetector() {
		flags = append(slices.Clone(flags), "-race")
	}
	path = filepath.Join(dir, "power_exporter")
	return path, Build(ctx, path, "power_exporter", flags...)
}

// Build builds the program of a package of this module, given by its import
// path, as a file. The flags are more of those of "go build".
func Build(ctx context.Context, path, pkg string, flags ...string) error {
	args := slices.Concat([]string{"build", "-buildvcs=false", "-o", path}, flags, []string{pkg})
	build := exec.CommandContext(ctx, "go", args...) //nolint:gosec // tests choose what they build
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w\n%s", pkg, err, output)
	}
	return nil
}

// RaceDetector says whether the tests were built with it.
func RaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
