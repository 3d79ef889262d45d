package synlink_test

import (
	"bytes"
	"encoding/json"
	"strconv"
	"testing"
)

// member is one member of a JSON document, with its value and what can stand
// in its place.
type member struct {
	path  string // names from the outside in, joined by dots; places in lists do not count
	value any
	with  func(value any) []byte // the document with another value
}

// members are all members of a JSON document whose values are no objects.
func members(tb testing.TB, data []byte) []member {
	tb.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		tb.Fatal(err)
	}
	var found []member
	var walk func(value any, path string, set func(any))
	walk = func(value any, path string, set func(any)) {
		switch v := value.(type) {
		case map[string]any:
			for name, inner := range v {
				at := name
				if path != "" {
					at = path + "." + name
				}
				walk(inner, at, func(other any) { v[name] = other })
			}
		case []any:
			for i, inner := range v {
				walk(inner, path, func(other any) { v[i] = other })
			}
		case nil:
		default:
			found = append(found, member{path, value, func(other any) []byte {
				set(other)
				defer set(value)
				changed, err := json.Marshal(document)
				if err != nil {
					tb.Fatal(err)
				}
				return changed
			}})
		}
	}
	walk(document, "", func(any) { tb.Fatal("a document is no member") })
	return found
}

// others are values of the member's own kind that it could have as well.
func (m member) others() []any {
	switch v := m.value.(type) {
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			return []any{whole + 1}
		}
		f, err := v.Float64()
		if err != nil {
			return nil
		}
		return []any{f + 1}
	case bool:
		return []any{!v}
	case string:
		other := []any{
			"ON", "OFF", "HI", "LOW", "OPEN", "CLOSE", "none", "pendingOn", "OK", "Failed", "ats", "dual", "false",
			"7%", "Single Phase", "Three Phase Wye", "something else",
		}
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			other = append(other, strconv.FormatFloat(f+1, 'g', -1, 64))
		}
		return other
	}
	return nil
}
