package synlink_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// document is docs/synlink.md.
func document(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile("../../docs/synlink.md")
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// rows are the cells of the tables under a heading of the second level.
func rows(tb testing.TB, heading string) [][]string {
	tb.Helper()
	_, section, ok := strings.Cut(document(tb), "\n## "+heading+"\n")
	if !ok {
		tb.Fatalf("docs/synlink.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var found [][]string
	for line := range strings.Lines(section) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
		case strings.HasPrefix(line, "|---"):
			found = found[:len(found)-1] // the line above is the table's head
		default:
			cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			found = append(found, cells)
		}
	}
	if len(found) == 0 {
		tb.Fatalf("docs/synlink.md has no table under %q", heading)
	}
	return found
}

var code = regexp.MustCompile("`([^`]+)`")

// codes are the texts in backticks.
func codes(text string) []string {
	var found []string
	for _, m := range code.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}
