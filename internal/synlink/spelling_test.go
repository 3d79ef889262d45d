package synlink_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/synlinksim"
)

// TestSpellings writes the answers of every model in the ways in which
// firmwares differ: what they mean must stay the same.
func TestSpellings(t *testing.T) {
	t.Parallel()
	text := func(_ string, value any) any {
		if n, ok := value.(json.Number); ok {
			return n.String()
		}
		return value
	}
	spellings := map[string]func(name string, value any) any{
		"numbers as text": text,
		"booleans as text": func(_ string, value any) any {
			if b, ok := value.(bool); ok {
				return map[bool]string{true: "True", false: "FALSE"}[b]
			}
			return value
		},
		"booleans as numbers": func(_ string, value any) any {
			if b, ok := value.(bool); ok {
				return map[bool]int{true: 1, false: 0}[b]
			}
			return value
		},
		"ids as numbers": func(name string, value any) any {
			if s, ok := value.(string); ok && isID(name) && strings.Trim(s, "123456789") == "" {
				return json.Number(s)
			}
			return value
		},
		"states in lower case": func(name string, value any) any {
			if s, ok := value.(string); ok && isState(name) {
				return strings.ToLower(s)
			}
			return value
		},
		"states in upper case": func(name string, value any) any {
			if s, ok := value.(string); ok && isState(name) {
				return strings.ToUpper(s)
			}
			return value
		},
		"blanks around": func(name string, value any) any {
			if s, ok := value.(string); ok {
				return " " + s + "\n"
			}
			return text(name, value)
		},
	}
	for _, model := range synlinksim.Models() {
		said := modelReplies(model)
		delete(said, "stream")
		want, _ := heard(t, said).device()
		for spelling, respell := range spellings {
			respelled := map[string][]byte{}
			changed := false
			for endpoint, data := range said {
				respelled[endpoint] = rewritten(t, data, respell)
				changed = changed || string(respelled[endpoint]) != string(rewritten(t, data, func(_ string, value any) any { return value }))
			}
			if got, _ := heard(t, respelled).device(); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: got %+v, want %+v", model, spelling, got, want)
			}
			if !changed && spelling != "ids as numbers" {
				t.Errorf("%s has nothing for %q: this test is blind", model, spelling)
			}
		}
	}
}

// isID reports whether members of that name are ids, which come as numbers too.
func isID(name string) bool {
	switch name {
	case "id", "bankId", "sensorId", "enclosureSerialNumber", "index", "code":
		return true
	}
	return false
}

// isState reports whether members of that name are one of a few words.
func isState(name string) bool {
	switch name {
	case "state", "relayHealth", "rebootStatus", "inletConfig", "inletType", "inletPhase", "phase":
		return true
	}
	return false
}

// rewritten is a JSON document with each of its values put through respell.
func rewritten(tb testing.TB, data []byte, respell func(name string, value any) any) []byte {
	tb.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		tb.Fatal(err)
	}
	var walk func(name string, value any) any
	walk = func(name string, value any) any {
		switch v := value.(type) {
		case map[string]any:
			for inner, of := range v {
				v[inner] = walk(inner, of)
			}
			return v
		case []any:
			for i, of := range v {
				v[i] = walk(name, of)
			}
			return v
		}
		return respell(name, value)
	}
	written, err := json.Marshal(walk("", document))
	if err != nil {
		tb.Fatal(err)
	}
	return written
}
