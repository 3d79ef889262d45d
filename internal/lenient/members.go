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
		d := json.NewDecoder(bytes.NewReader(data))
		begin, _ := d.Token()
		if begin != json.Delim('{') && begin != json.Delim('[') {
			return
		}
		for d.More() {
			var name string
			if begin == json.Delim('{') {
				token, _ := d.Token()
				name, _ = token.(string)
			}
			var member T
			err := d.Decode(&member)
			if _, kind := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !kind {
				return
			}
			if !yield(name, member) {
				return
			}
		}
	}
}
