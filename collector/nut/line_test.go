package nut

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestSplitLine(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
		err  error
	}{
		{line: "", want: nil},
		{line: "   ", want: nil},
		{line: "OK", want: []string{"OK"}},
		{line: `VAR ups1 battery.charge "100"`, want: []string{"VAR", "ups1", "battery.charge", "100"}},
		{line: `VAR  ups1	ups.model "Back-UPS 700"`, want: []string{"VAR", "ups1", "ups.model", "Back-UPS 700"}},
		{line: `UPS ups1 ""`, want: []string{"UPS", "ups1", ""}},
		{line: `VAR a b "say \"hi\" c:\\x"`, want: []string{"VAR", "a", "b", `say "hi" c:\x`}},
		{line: `VAR a b "hash\#mark"`, want: []string{"VAR", "a", "b", "hash#mark"}},
		{line: `VAR a b "\x"`, want: []string{"VAR", "a", "b", "x"}},
		{line: `VAR a b "x"y`, want: []string{"VAR", "a", "b", "x", "y"}},
		{line: `VAR a b it"s`, want: []string{"VAR", "a", "b", `it"s`}},
		{line: `VAR a b "open`, want: []string{"VAR", "a", "b"}, err: errUnterminated},
		{line: `VAR a b "open\`, want: []string{"VAR", "a", "b"}, err: errUnterminated},
		{line: `VAR a b "open\"`, want: []string{"VAR", "a", "b"}, err: errUnterminated},
	} {
		got, err := splitLine(nil, c.line)
		if !slices.Equal(got, c.want) || !errors.Is(err, c.err) {
			t.Errorf("splitLine(%q) = %q, %v; want %q, %v", c.line, got, err, c.want, c.err)
		}
	}
}

func FuzzSplitLine(f *testing.F) {
	for _, seed := range []string{"", `VAR a b "c \" d"`, `"`, `\`, `"\`, `a "b" c"d`, "\t \x00", "BEGIN LIST UPS"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words, err := splitLine(nil, line)
		if err != nil {
			return
		}
		// What was understood can be said again.
		quoted := make([]string, len(words))
		for i, word := range words {
			quoted[i] = quote(word)
		}
		again, err := splitLine(nil, strings.Join(quoted, " "))
		if err != nil || !slices.Equal(again, words) {
			t.Errorf("%q means %q; said again it means %q, %v", line, words, again, err)
		}
	})
}
