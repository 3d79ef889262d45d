package powerpulsesim

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object whose members keep their order and the spelling of
// their values.
type object []member

// member is a name and its value.
type member struct {
	key   string
	value json.RawMessage // its JSON text without blanks, unless it is nested
	inner object
	// nested says that the value is inner: that of a member of a UPS system
	// which is an object itself.
	nested bool
}

// clone is a copy that shares nothing that changes.
func (o object) clone() object {
	c := slices.Clone(o)
	for i := range c {
		c[i].inner = slices.Clone(c[i].inner)
	}
	return c
}

// get is the value of a member, or nil; "upsDetails/serial" is that of an object
// that is a member. (The names of NUT's variables have dots, none has a slash.)
func (o object) get(place string) json.RawMessage {
	key, rest, deeper := strings.Cut(place, "/")
	for _, m := range o {
		switch {
		case m.key != key:
		case deeper:
			return m.inner.get(rest)
		case m.nested:
			return m.inner.appendTo(nil)
		default:
			return m.value
		}
	}
	return nil
}

// set gives a member its value, which has no blanks, and says whether it could:
// an object must be there, its members are made.
func (o *object) set(place string, value json.RawMessage) bool {
	key, rest, deeper := strings.Cut(place, "/")
	for i := range *o {
		m := &(*o)[i]
		switch {
		case m.key != key:
		case !deeper:
			*m = member{key: key, value: value}
			return true
		default:
			return m.nested && m.inner.set(rest, value)
		}
	}
	if deeper {
		return false
	}
	*o = append(*o, member{key: key, value: value})
	return true
}

// text is the value of a member that is a string, and "" otherwise.
func (o object) text(place string) string {
	var s string
	if json.Unmarshal(o.get(place), &s) != nil {
		return ""
	}
	return s
}

// number is the value of a member that is a number, or a string that looks like
// one, and 0 otherwise.
func (o object) number(place string) float64 {
	v, err := strconv.ParseFloat(strings.Trim(string(o.get(place)), `"`), 64)
	if err != nil {
		return 0
	}
	return v
}

// appendTo writes the object without blanks.
func (o object) appendTo(dst []byte) []byte {
	dst = append(dst, '{')
	for i, m := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(dst, quoted(m.key)...), ':')
		if m.nested {
			dst = m.inner.appendTo(dst)
		} else {
			dst = append(dst, m.value...)
		}
	}
	return append(dst, '}')
}

// appendSystems writes an array of objects.
func appendSystems(dst []byte, systems []object) []byte {
	dst = append(dst, '[')
	for i, o := range systems {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = o.appendTo(dst)
	}
	return append(dst, ']')
}
