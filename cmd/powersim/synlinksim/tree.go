package synlinksim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// object is a JSON object whose members keep their order, and may come twice,
// as one of the document's samples has it. Values are *object, []any,
// json.Number, string, bool or nil, so that a number keeps its spelling.
type object struct {
	members []member
}

// member is a name and its value.
type member struct {
	key   string
	value any
}

// get is the value of a member, or nil.
func (o *object) get(key string) any {
	for _, m := range o.members {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// has says whether there is a member of that name.
func (o *object) has(key string) bool {
	for _, m := range o.members {
		if m.key == key {
			return true
		}
	}
	return false
}

// set gives a member its value, and makes the member where there is none.
func (o *object) set(key string, value any) {
	for i := range o.members {
		if o.members[i].key == key {
			o.members[i].value = value
			return
		}
	}
	o.members = append(o.members, member{key, value})
}

// text is the value of a member as it is spelled: a string, or a number.
func (o *object) text(key string) string {
	switch v := o.get(key).(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// number is the value of a member that is a number, and 0 otherwise.
func (o *object) number(key string) float64 {
	v, err := strconv.ParseFloat(o.text(key), 64)
	if err != nil {
		return 0
	}
	return v
}

// pick is a copy of some members, in the order of the names.
func (o *object) pick(keys ...string) *object {
	picked := &object{}
	for _, key := range keys {
		if o.has(key) {
			picked.members = append(picked.members, member{key, o.get(key)})
		}
	}
	return picked
}

// objects lists the objects of an array; one that stands alone counts as an
// array of one, since the document prints a list of groups so.
func objects(v any) []*object {
	switch v := v.(type) {
	case *object:
		return []*object{v}
	case []any:
		var list []*object
		for _, e := range v {
			if o, ok := e.(*object); ok {
				list = append(list, o)
			}
		}
		return list
	}
	return nil
}

// parse reads one JSON value and nothing after it.
func parse(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := parseValue(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// parseValue reads the value that comes next.
func parseValue(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := parseValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	case json.Delim('{'):
		o := &object{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := parseValue(d)
			if err != nil {
				return nil, err
			}
			o.members = append(o.members, member{fmt.Sprint(key), v})
		}
		_, err := d.Token()
		return o, err
	}
	return t, nil
}

// leaf changes a value that is no object and no array to another such one before
// it is written; key is the member's, or that of the array it is in.
type leaf func(key string, value any) any

// appendJSON writes a value without spaces, as the device does.
func appendJSON(dst []byte, key string, value any, change leaf) []byte {
	switch v := value.(type) {
	case *object:
		dst = append(dst, '{')
		for i, m := range v.members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, m.key), ':')
			dst = appendJSON(dst, m.key, m.value, change)
		}
		return append(dst, '}')
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSON(dst, key, e, change)
		}
		return append(dst, ']')
	}
	if change != nil {
		value = change(key, value)
	}
	switch v := value.(type) {
	case json.Number:
		return append(dst, v...)
	case string:
		return appendString(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	}
	return append(dst, "null"...)
}

// appendString writes a JSON string without the escapes for HTML.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			_ = e.Encode(s) // a string never fails
			return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}
