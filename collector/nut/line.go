package nut

import (
	"errors"
	"strings"
)

// errUnterminated is a line that ends inside a quoted word.
var errUnterminated = errors.New("unterminated quote")

// splitLine splits a line of the protocol into its words. A word may be quoted,
// and within quotes a backslash takes the character after it as it is
// (RFC 9271, section 4.1). The result is appended to words.
func splitLine(words []string, line string) ([]string, error) {
	for {
		begin := 0
		for begin < len(line) && isBlank(line[begin]) {
			begin++
		}
		if line = line[begin:]; line == "" {
			return words, nil
		}
		var word string
		if line[0] == '"' {
			var err error
			if word, line, err = unquote(line[1:]); err != nil {
				return words, err
			}
		} else {
			end := 0
			for end < len(line) && !isBlank(line[end]) {
				end++
			}
			word, line = line[:end], line[end:]
		}
		words = append(words, word)
	}
}

// isBlank says whether a byte separates words.
func isBlank(b byte) bool { return b == ' ' || b == '\t' }

// unquote reads a quoted word whose opening quote is already gone, and returns
// what follows the closing one.
func unquote(line string) (word, rest string, err error) {
	// Hardly any value has an escape, and then the word is a part of the line.
	word, rest, ok := strings.Cut(line, `"`)
	if !ok {
		return "", "", errUnterminated
	}
	if strings.IndexByte(word, '\\') < 0 {
		return word, rest, nil
	}
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '"':
			return b.String(), line[i+1:], nil
		case '\\':
			i++
			if i == len(line) {
				return "", "", errUnterminated
			}
		}
		b.WriteByte(line[i])
	}
	return "", "", errUnterminated
}

// quote writes a word so that the server reads it as one, whatever is in it.
// Plain words stay as they are, for whoever reads along.
func quote(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\"\\=#") {
		return word
	}
	return `"` + escape(word) + `"`
}

// escape writes what may stand between quotes. upsd never answers a line with
// a bare # in it.
func escape(word string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `#`, `\#`).Replace(word)
}
