package powerpulsesim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// parseSystems reads an array of objects and nothing after it.
func parseSystems(text []byte) ([]object, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	systems := make([]object, 0, len(raw))
	for i, r := range raw {
		o, err := parseObject(r)
		if err != nil {
			return nil, fmt.Errorf("UPS system %d: %w", i, err)
		}
		if err := o.nest(); err != nil {
			return nil, fmt.Errorf("UPS system %d: %w", i, err)
		}
		systems = append(systems, o)
	}
	return systems, nil
}

// nest reads the members of a UPS system that are objects.
func (o object) nest() error {
	for i := range o {
		m := &o[i]
		if m.nested || m.value[0] != '{' {
			continue
		}
		inner, err := parseObject(m.value)
		if err != nil {
			return fmt.Errorf("%s: %w", m.key, err)
		}
		*m = member{key: m.key, inner: inner, nested: true}
	}
	return nil
}

// parseObject reads an object from a text that is JSON.
func parseObject(text []byte) (object, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return nil, err
	}
	d := json.NewDecoder(&compact)
	begin, err := d.Token()
	if err != nil {
		return nil, err
	}
	if begin != json.Delim('{') {
		return nil, errors.New("no object")
	}
	o := object{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		o = append(o, member{key: fmt.Sprint(key), value: value})
	}
	return o, nil
}

// quoted is a JSON string without the escapes for HTML.
func quoted(s string) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string never fails
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
