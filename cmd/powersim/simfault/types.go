package simfault

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// wrongTypes is a JSON text whose values have types that nobody expects, its
// members in their order. A text that is no JSON is given back.
func wrongTypes(text []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var out bytes.Buffer
	if err := spoilValue(&out, d); err != nil {
		return text
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return text
	}
	return out.Bytes()
}

// spoilValue writes the value that comes next.
func spoilValue(out *bytes.Buffer, d *json.Decoder) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case json.Delim:
		return spoilMembers(out, d, v)
	case json.Number:
		out.WriteString(`{"value":` + v.String() + `}`)
	case string:
		out.WriteByte('[')
		writeString(out, v)
		out.WriteByte(']')
	case bool:
		if v {
			out.WriteString(`"true"`)
		} else {
			out.WriteString(`"false"`)
		}
	default:
		out.WriteString("null")
	}
	return nil
}

// spoilMembers writes the object or the array that has begun.
func spoilMembers(out *bytes.Buffer, d *json.Decoder, begin json.Delim) error {
	out.WriteRune(rune(begin))
	for i := 0; d.More(); i++ {
		if i > 0 {
			out.WriteByte(',')
		}
		if begin == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			if name, ok := key.(string); ok {
				writeString(out, name)
			}
			out.WriteByte(':')
		}
		if err := spoilValue(out, d); err != nil {
			return err
		}
	}
	end, err := d.Token()
	if err != nil {
		return err
	}
	if delim, ok := end.(json.Delim); ok {
		out.WriteRune(rune(delim))
	}
	return nil
}

// writeString writes a JSON string without the escapes for HTML.
func writeString(out *bytes.Buffer, s string) {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string never fails
	out.Truncate(out.Len() - 1)
}
