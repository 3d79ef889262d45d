package power

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Number is a number as a device wrote it, before anybody has said its unit:
// the argument of every unit constructor. The zero Number is absent.
type Number struct{ reading Value }

// Of is the Number of a Go number.
func Of[T ~int | ~int32 | ~int64 | ~uint8 | ~uint32 | ~uint64 | ~float64](n T) Number {
	return Number{value(float64(n))}
}

// Parse reads a decimal number from text. Zero padding and surrounding blanks
// are accepted ("042.7" is 42.7); everything that is not one finite number
// ("<85", "n/a", "21,52", "0x10", "") is absent, because a wrong number on a
// dashboard is worse than none.
func Parse(text string) Number {
	text = strings.TrimSpace(text)
	// ParseFloat also takes Go's own notations, which no device means.
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return Number{}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return Number{}
	}
	return Of(f)
}

// Present says whether there is a number.
func (n Number) Present() bool { return n.reading.Present() }

// UnmarshalJSON accepts a JSON number and, since many devices quote theirs, a
// string that [Parse] understands. Anything else (null, true, an object) is an
// absent Number and never an error: one odd field must not cost the rest of a
// reply.
func (n *Number) UnmarshalJSON(data []byte) error {
	*n = Number{}
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return nil
	}
	if data[0] != '"' {
		*n = Parse(string(data))
		return nil
	}
	var text string
	if json.Unmarshal(data, &text) == nil {
		*n = Parse(text)
	}
	return nil
}

// scaled is the number in base units, one of which is unit of what the device
// counts.
func (n Number) scaled(unit float64) Value {
	f, ok := n.reading.Get()
	if !ok {
		return Value{}
	}
	return value(f * unit)
}

// parts is the number in base units when a base unit holds so many of what the
// device counts. It divides, because 4810/100 is 48.1 and 4810*0.01 is not.
func (n Number) parts(perUnit float64) Value {
	f, ok := n.reading.Get()
	if !ok {
		return Value{}
	}
	return value(f / perUnit)
}
