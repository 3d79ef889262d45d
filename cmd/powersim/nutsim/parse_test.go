package nutsim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// words feeds text to a parser and gives the words of every line that ended.
func words(text string) (lines [][]string, errs int) {
	var p parser
	for i := range len(text) {
		line, ended, err := p.feed(text[i])
		if err != nil {
			errs++
		}
		if ended {
			lines = append(lines, line)
		}
	}
	return lines, errs
}

// What upsd itself makes of such lines is in testdata/transcripts/quoting.txt.
func TestParser(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       [][]string
		errs       int
	}{
		{name: "no line", text: "VER"},
		{name: "words", text: "GET  VAR\tups\r\n", want: [][]string{{"GET", "VAR", "ups"}}},
		{name: "empty lines", text: "\n \n# x\n", want: [][]string{nil, nil, nil}},
		{name: "quotes", text: `a "b c" "" d"e" "f"g` + "\n", want: [][]string{{"a", "b c", "", `d"e"`, "f", "g"}}},
		{name: "escapes", text: `\"a b\ c "\"\\\#"` + "\n", want: [][]string{{`"a`, "b c", `"\#`}}},
		{name: "equals sign", text: `a=b = "c=d" e\=f` + "\n", want: [][]string{{"a", "=", "b", "=", "c=d", "e=f"}}},
		{name: "comment", text: `a#b "c` + "\nd\n", want: [][]string{{"a"}, {"d"}}},
		{name: "newline inside quotes", text: "\"a\nb\"\n", want: [][]string{{"ab"}}},
		{name: "newline behind a backslash", text: "a\\\nb\n", want: [][]string{{"ab"}}},
		{name: "control characters and beyond ASCII", text: "a\x01\x7f\x80éb\n", want: [][]string{{"a\x7fb"}}},
		{name: "long word", text: strings.Repeat("x", 600) + "\n", want: [][]string{{strings.Repeat("x", 512)}}},
		{name: "many words", text: strings.Repeat("x ", 50) + "\n", want: [][]string{strings.Fields(strings.Repeat("x ", 32))}},
		{name: "hash inside quotes", text: "a \"b#c\nd\n", want: [][]string{{"c"}, {"d"}}, errs: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, errs := words(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" || errs != tt.errs {
				t.Errorf("errors %d, want %d; (-want +got):\n%s", errs, tt.errs, diff)
			}
		})
	}
}

// FuzzParser looks for lines that break the parser's bounds, and holds it
// against its own quoting: what is quoted comes back as it was.
func FuzzParser(f *testing.F) {
	for _, text := range []string{"GET VAR ups ups.load\n", `a "b c" \#d`, "\"\n", "a=b # c\n", "\"#\"", "\\", "\xff\x00\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, _ := words(text)
		if len(lines) > strings.Count(text, "\n") {
			t.Errorf("%d lines of %q", len(lines), text)
		}
		for _, line := range lines {
			if len(line) > argLimit {
				t.Errorf("%d words", len(line))
			}
			for _, word := range line {
				if len(word) > wordLimit || strings.ContainsFunc(word, func(r rune) bool { return r < ' ' || r > 0x7f }) {
					t.Errorf("word %q", word)
				}
			}
		}

		plain := strings.Map(func(r rune) rune {
			if r < ' ' || r > 0x7f {
				return -1
			}
			return r
		}, text)
		plain = plain[:min(len(plain), wordLimit)]
		back, errs := words("x " + quote(plain) + " y\n")
		if diff := cmp.Diff([][]string{{"x", plain, "y"}}, back); diff != "" || errs != 0 {
			t.Errorf("errors %d (-want +got):\n%s", errs, diff)
		}
	})
}
