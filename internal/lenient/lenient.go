// Package lenient decodes JSON as small devices write it: numbers as text and
// text as numbers, one object where a list belongs, switches in any spelling.
// One odd member costs that member and nothing else.
package lenient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"power_exporter/power"
)

// Text is a JSON string, or a number or boolean as it was written. Everything
// else (null, an object, a list) is empty.
type Text string

// UnmarshalJSON implements [json.Unmarshaler], and never fails.
func (t *Text) UnmarshalJSON(data []byte) error {
	*t = ""
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0 || data[0] == '{' || data[0] == '[' || string(data) == "null":
	case data[0] == '"':
		if plain, ok := unescaped(data); ok {
			*t = Text(plain)
			return nil
		}
		var s string
		if json.Unmarshal(data, &s) == nil {
			*t = Text(s)
		}
	default:
		*t = Text(data)
	}
	return nil
}

// unescaped is what a JSON string says, where that stands in it as it is: then
// package json need not look at it again.
func unescaped(quoted []byte) (text []byte, ok bool) {
	if len(quoted) < 2 || quoted[len(quoted)-1] != '"' {
		return nil, false
	}
	text = quoted[1 : len(quoted)-1]
	for _, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return nil, false
		}
	}
	return text, true
}

// String is the text without blanks around it.
func (t Text) String() string { return strings.TrimSpace(string(t)) }

// Flag is whether something holds: true or false, "on" or "off", "yes" or "no",
// 1 or 0, quoted or not, in any case. Everything else is unknown, as is the
// zero Flag.
type Flag struct{ value power.Value }

// UnmarshalJSON implements [json.Unmarshaler], and never fails.
func (f *Flag) UnmarshalJSON(data []byte) error {
	var t Text
	err := t.UnmarshalJSON(data)
	*f = FlagOf(t.String())
	return err
}

// FlagOf is the Flag that a text says.
func FlagOf(text string) Flag {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "on", "yes", "1":
		return Flag{power.Boolean(true)}
	case "false", "off", "no", "0":
		return Flag{power.Boolean(false)}
	}
	return Flag{}
}

// Value is 1, 0, or absent where it is unknown.
func (f Flag) Value() power.Value { return f.value }

// True reports whether it is known to hold.
func (f Flag) True() bool { return f.value == power.Boolean(true) }

// List is a JSON array, or the one object that some devices write where there
// is only one. Members of another kind than T are left out, null is no member.
type List[T any] []T

// UnmarshalJSON implements [json.Unmarshaler], and never fails.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	*l = nil
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '[' {
		l.add(data)
		return nil
	}
	for _, member := range values(data) {
		l.add(member)
	}
	return nil
}

// add adds a member, if it is one.
func (l *List[T]) add(member []byte) {
	var one T
	if string(member) != "null" && !whole(json.Unmarshal(member, &one)) {
		*l = append(*l, one)
	}
}

// whole reports whether an error of package json says that nothing at all was
// decoded: the value itself, and not one of its members, is of another kind.
func whole(err error) bool {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return wrong.Field == ""
	}
	return err != nil
}

// Decode reads one JSON value into v. Members of another type than v's are
// left as they were; the rest is read all the same, and the error names the
// first of them. No error shows what the data hold.
func Decode(data []byte, v any) error {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	trimmed := bytes.TrimSpace(data)
	switch {
	case len(trimmed) == 0:
		return errors.New("the answer is empty: JSON was expected")
	case trimmed[0] == '<':
		return errors.New("the answer is a web page and not JSON: does the address lead to the device itself?")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return errors.New("the answer is text in UTF-16, and JSON is in UTF-8: does the address lead to the device itself?")
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return errors.New("the answer is compressed, which was not asked for: does something on the way do that?")
	}
	if own, ok := v.(json.Unmarshaler); ok && json.Valid(trimmed) {
		return own.UnmarshalJSON(trimmed) // package json would look for the end of the value first
	}
	err := json.Unmarshal(data, v)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		if syntax.Offset >= int64(len(data)) {
			return fmt.Errorf("the answer ends in the middle of its JSON, after %d bytes", len(data))
		}
		return fmt.Errorf("the answer is no JSON: it breaks off at byte %d of %d", syntax.Offset, len(data))
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Field == "" {
			return fmt.Errorf("the answer is JSON of another kind: %s where %s was expected", wrong.Value, kind(wrong.Type.Kind().String()))
		}
		return fmt.Errorf("the answer's member %s is %s where %s was expected", wrong.Field, wrong.Value, kind(wrong.Type.Kind().String()))
	}
	return err
}

// kind is a kind of Go type in the words of JSON.
func kind(name string) string {
	switch name {
	case "struct", "map":
		return "an object"
	case "slice", "array":
		return "a list"
	case "string":
		return "text"
	case "bool":
		return "true or false"
	}
	return "a number"
}
