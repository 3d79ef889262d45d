package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// holder is how the threat model names a test: by its folder and its function.
var holder = regexp.MustCompile(`^([a-z0-9/]+)\.((?:Test|Fuzz)[A-Za-z0-9]+)$`)

// TestThreatsAreHeld finds tests and scripts in the threat model that there are
// not, and threats that nothing holds.
func TestThreatsAreHeld(t *testing.T) {
	d := document{path: "docs/threat-model.md", text: read(t, "threat-model.md")}
	threats := 0
	for _, row := range rows(d.text) {
		if len(row) != 4 {
			continue // another table
		}
		threats++
		if len(codes(row[2])) == 0 {
			t.Errorf("%s: nothing holds %q", d.path, row[0])
		}
		for _, name := range codes(row[2]) {
			if !holder.MatchString(name) && !isProgram(t, name) {
				t.Errorf("%s: %q is held by %s, which is no test and no script", d.path, row[0], name)
			}
		}
	}
	if threats < 20 {
		t.Errorf("%s: only %d threats were read", d.path, threats)
	}
	for _, name := range codes(d.prose()) {
		if m := holder.FindStringSubmatch(name); m != nil && !slices.Contains(testsIn(t, m[1]), m[2]) {
			t.Errorf("%s: there is no %s in %s", d.path, m[2], m[1])
		}
		if script, _, _ := strings.Cut(name, " "); strings.HasPrefix(script, "scripts/") && !isProgram(t, script) {
			t.Errorf("%s: there is no %s", d.path, script)
		}
	}
}

// isProgram says whether a path of the tree is a file that can be run.
func isProgram(t *testing.T, path string) bool {
	t.Helper()
	info, err := os.Stat(filepath.Join("..", path))
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o100 != 0
}

var function = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)

// testsIn are the tests of a folder.
func testsIn(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		for _, m := range function.FindAllStringSubmatch(read(t, file), -1) {
			found = append(found, m[1])
		}
	}
	return found
}

// TestDecodersAreFuzzed finds folders in which bytes of others are decoded
// without a fuzz target, and targets without seeds.
func TestDecodersAreFuzzed(t *testing.T) {
	var folders []string
	for _, pattern := range []string{"../collector/*", "../receiver", "../receiver/*", "../internal/lenient", "../internal/powersentrix", "../internal/synlink", "../config", "../power", "../web"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		folders = append(folders, found...)
	}
	fuzzed := 0
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(folder); err != nil || !info.IsDir() || filepath.Base(folder) == "testdata" {
			continue
		}
		targets, seeds := 0, 0
		for _, file := range files {
			text := read(t, file)
			targets += strings.Count(text, "\nfunc Fuzz")
			seeds += strings.Count(text, "f.Add(")
		}
		if targets == 0 || seeds < targets {
			t.Errorf("%s has %d fuzz targets, and f.Add in %d places", folder, targets, seeds)
		}
		fuzzed += targets
	}
	if fuzzed < 20 {
		t.Errorf("only %d fuzz targets were found", fuzzed)
	}
}
