package lenient

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
)

// Members are those of a JSON object, with their names, or of an array, without,
// one after the other, so that nobody has to keep all to look at some. One of
// another kind than T is the zero T. The data have to be JSON; what is neither
// object nor array has no members.
func Members[T any](data []byte) iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for name, value := range values(data) {
			var member T
			err := json.Unmarshal(value, &member)
			if _, kind := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !kind {
				return
			}
			if !yield(string(name), member) {
				return
			}
		}
	}
}

// values are the members as they were written. Package json would look for the
// end of each by way of an error.
func values(data []byte) iter.Seq2[Text, []byte] {
	return func(yield func(Text, []byte) bool) {
		data := bytes.TrimSpace(data)
		if len(data) == 0 || data[0] != '{' && data[0] != '[' {
			return
		}
		object := data[0] == '{'
		for rest := between(data[1:]); len(rest) > 0 && rest[0] != '}' && rest[0] != ']'; rest = between(rest) {
			var name Text
			if object {
				end := valueEnd(rest)
				_ = name.UnmarshalJSON(rest[:end]) // it never fails
				rest = between(rest[end:])
			}
			end := valueEnd(rest)
			if !yield(name, rest[:end]) {
				return
			}
			rest = rest[end:]
		}
	}
}

// between is the data without the blanks, the comma or the colon before the next
// value.
func between(data []byte) []byte { return bytes.TrimLeft(data, " \t\r\n,:") }

// valueEnd is where the JSON value ends that the data begin with.
func valueEnd(data []byte) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i += stringEnd(data[i:]) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth--; depth < 0 {
				return i // behind a number or a word
			}
		case ',', ' ', '\t', '\r', '\n', ':':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue // within a number or a word
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(data)
}

// stringEnd is where the JSON string ends that the data begin with.
func stringEnd(data []byte) int {
	for i := 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}
