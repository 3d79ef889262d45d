// Package docs holds the documents to the code.
package docs

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// document is a Markdown file.
type document struct {
	path string // from the root of the tree
	text string
}

// documents are those that people wrote; METRICS.md is generated.
func documents(t *testing.T) []document {
	t.Helper()
	var all []document
	for _, pattern := range []string{"../*.md", "*.md"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: no documents: %v", pattern, err)
		}
		for _, path := range paths {
			if filepath.Base(path) != "METRICS.md" {
				all = append(all, document{path: filepath.Join("docs", path), text: read(t, path)})
			}
		}
	}
	return all
}

// read is the text of a file.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block is a fenced block of code.
type block struct {
	language string
	text     string
}

var fence = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// blocks are the fenced blocks of a document in a language.
func (d document) blocks(language string) []block {
	var found []block
	for _, m := range fence.FindAllStringSubmatch(d.text, -1) {
		if m[1] == language {
			found = append(found, block{language: m[1], text: m[2]})
		}
	}
	return found
}

// prose is the document without its fenced blocks.
func (d document) prose() string { return fence.ReplaceAllString(d.text, "") }

var code = regexp.MustCompile("`([^`\n]+)`")

// codes are the texts in backticks.
func codes(text string) []string {
	var found []string
	for _, m := range code.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

// section is the part of a document under a heading, up to the next one of the
// same or a higher level.
func (d document) section(t *testing.T, heading string) string {
	t.Helper()
	level := strings.Repeat("#", strings.Count(heading, "#"))
	_, after, ok := strings.Cut(d.text, "\n"+heading+"\n")
	if !ok {
		t.Fatalf("%s has no section %q", d.path, heading)
	}
	next := regexp.MustCompile(`(?m)^#{1,` + string(rune('0'+len(level))) + `} `).FindStringIndex(after)
	if next == nil {
		return after
	}
	return after[:next[0]]
}

// rows are the cells of the tables of a text, without the headings.
func rows(text string) [][]string {
	var found [][]string
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") {
			continue
		}
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], "|---") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		found = append(found, cells)
	}
	return found
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} (.+)$`)
)

// TestLinks follows every link within the tree, to the heading.
func TestLinks(t *testing.T) {
	for _, d := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(d.prose(), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			path, anchor, _ := strings.Cut(m[1], "#")
			file := filepath.Join("..", d.path)
			if path != "" {
				file = filepath.Join("..", filepath.Dir(d.path), path)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Errorf("%s: the link %s leads nowhere: %v", d.path, m[1], err)
				continue
			}
			if anchor != "" && !slices.Contains(anchors(text), anchor) {
				t.Errorf("%s: the link %s leads to no heading; there are %s", d.path, m[1], strings.Join(anchors(text), ", "))
			}
		}
	}
}

// anchors are the names that a forge gives to the headings of a document.
func anchors(text []byte) []string {
	var found []string
	text = fence.ReplaceAll(text, nil)
	for _, m := range heading.FindAllSubmatch(text, -1) {
		name := strings.ToLower(string(m[1]))
		name = strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_", r):
				return r
			}
			return -1
		}, name)
		found = append(found, name)
	}
	return found
}

var metric = regexp.MustCompile(`\b(?:power|probe)_[a-z][a-z_]*\b`)

// TestMetrics finds metrics that do not exist.
func TestMetrics(t *testing.T) {
	reference := read(t, "../METRICS.md")
	// What looks like a metric and is none.
	others := []string{"power_exporter", "power_factor"}
	for _, d := range documents(t) {
		for _, at := range metric.FindAllStringIndex(d.text, -1) {
			name, rest := d.text[at[0]:at[1]], d.text[at[1]:]
			if slices.Contains(others, name) || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "-") {
				continue
			}
			known := strings.Contains(reference, "`"+name+"`")
			if strings.HasPrefix(rest, "*") || strings.HasPrefix(rest, "<") {
				known = strings.Contains(reference, "`"+name)
			}
			if !known {
				t.Errorf("%s: there is no metric %s", d.path, name)
			}
		}
	}
}

// TestDemoOutput compares the README's demo with the metrics there are: labels
// change as easily as names.
func TestDemoOutput(t *testing.T) {
	golden, err := filepath.Glob("../collector/nut/testdata/simulated/*.prom")
	if err != nil || len(golden) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	var all bytes.Buffer
	for _, file := range golden {
		all.WriteString(read(t, file))
	}
	readme := document{path: "README.md", text: read(t, "../README.md")}
	found := 0
	for _, b := range readme.blocks("") {
		for line := range strings.Lines(b.text) {
			if strings.HasPrefix(line, "power_") && !strings.Contains(line, `device="stale"`) {
				found++
				if !strings.Contains(all.String(), line) {
					t.Errorf("README.md shows a line that no simulated device has: %s", line)
				}
			}
		}
	}
	if found == 0 {
		t.Error("README.md shows no output of the demo")
	}
}
