package simfault

import (
	"bytes"
	"encoding/json"
	"testing"
)

// What is JSON stays JSON, and none of its values that is no null keeps its
// type; the rest stays as it is.
func FuzzWrongTypes(f *testing.F) {
	for _, text := range []string{
		`{"a":1,"b":[true,false,null,"x"],"a":{"c":-1e5}}`, `[]`, `{}`, `[{}]`, `1`, `"<&>"`, `null`, "", "{", `{"a"`, `{"a":`, `[1,`, `1 2`, `]`, `{}}`,
		"\"\xff\"", `"\ud800"`, " [ 1 , 2 ] ",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := wrongTypes(text)
		if !json.Valid(text) {
			if !bytes.Equal(got, text) {
				t.Errorf("%q became %q", text, got)
			}
			return
		}
		if !json.Valid(got) {
			t.Fatalf("%q became %q", text, got)
		}
		var before, after any
		if json.Unmarshal(text, &before) != nil {
			return // a number beyond a float64
		}
		if err := json.Unmarshal(got, &after); err != nil {
			t.Fatal(err)
		}
		differs(t, before, after)
	})
}

// differs says where a value has kept its type.
func differs(t *testing.T, before, after any) {
	t.Helper()
	switch b := before.(type) {
	case nil:
		if after != nil {
			t.Errorf("null became %v", after)
		}
	case map[string]any:
		a, ok := after.(map[string]any)
		if !ok || len(a) != len(b) {
			t.Fatalf("%v became %v", b, after)
		}
		for key := range b {
			differs(t, b[key], a[key])
		}
	case []any:
		a, ok := after.([]any)
		if !ok || len(a) != len(b) {
			t.Fatalf("%v became %v", b, after)
		}
		for i := range b {
			differs(t, b[i], a[i])
		}
	case float64:
		if a, ok := after.(map[string]any); !ok || a["value"] != b {
			t.Errorf("%v became %v", b, after)
		}
	case string:
		if a, ok := after.([]any); !ok || len(a) != 1 || a[0] != b {
			t.Errorf("%q became %v", b, after)
		}
	case bool:
		if a, ok := after.(string); !ok || (a == "true") != b {
			t.Errorf("%v became %v", b, after)
		}
	}
}
