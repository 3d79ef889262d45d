package synlink_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestArithmetic looks for each value that docs/synlink.md computes by hand
// among those of the golden files.
func TestArithmetic(t *testing.T) {
	t.Parallel()
	var golden strings.Builder
	for _, pattern := range []string{"testdata/cases/*/*.prom", "testdata/simulated/*.prom"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no golden files: %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden.Write(text)
		}
	}
	there := map[string]bool{} // families with values
	for line := range strings.Lines(golden.String()) {
		if family, rest, ok := strings.Cut(line, "{"); ok && !strings.HasPrefix(line, "#") {
			there[family+strings.TrimSuffix(rest[strings.LastIndex(rest, "}")+1:], "\n")] = true
		}
	}
	for _, row := range rows(t, "Checking a value by hand") {
		if line := codes(row[2])[0]; !there[line] {
			t.Errorf("docs/synlink.md says %q, and no golden file does", line)
		}
	}
}
