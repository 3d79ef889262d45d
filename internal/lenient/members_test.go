package lenient

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMembers(t *testing.T) {
	t.Parallel()
	type one struct {
		ID Text `json:"id"`
		N  int  `json:"n"`
	}
	for data, want := range map[string]string{
		`[{"id":1,"n":2},{"id":"b"}]`:         `"" 1 2; "" b 0`,
		`{"x":{"id":1},"y":{"n":3}}`:          `"x" 1 0; "y"  3`,
		`[1,null,"a",[],{},{"n":"a","id":7}]`: `""  0; ""  0; ""  0; ""  0; ""  0; "" 7 0`,
		`{"x":{"id":1},"x":{"id":2}}`:         `"x" 1 0; "x" 2 0`,
		"\n[ {\"id\":\"]\"} ]\n":              `"" ] 0`,
		`[]`:                                  "",
		`{}`:                                  "",
		`null`:                                "",
		`"[1]"`:                               "",
		`7`:                                   "",
		``:                                    "",
		`[{"id":1},`:                          `"" 1 0`, // no JSON, and no endless loop
		`[{"id":1},}`:                         `"" 1 0`,
		`{"x"}`:                               "",
	} {
		var got []string
		for name, member := range Members[one]([]byte(data)) {
			got = append(got, fmt.Sprintf("%q %s %d", name, member.ID, member.N))
		}
		if text := strings.Join(got, "; "); text != want {
			t.Errorf("%s: got %s, want %s", data, text, want)
		}
	}
	for _, member := range Members[one]([]byte(`[{"id":"first"},{"id":"second"}]`)) {
		if member.ID != "first" {
			t.Errorf("it goes on to %s", member.ID)
		}
		break
	}
}

// FuzzMembers compares the members with those that package json finds. What is
// no JSON has to end.
func FuzzMembers(f *testing.F) {
	for _, data := range []string{
		`{"id":1,"name":"a\"}b","list":[1,{"x":"]"}],"":null}`, ` [ 1 , "two\\" , {} , [ ] , true ] `, `{"é":"ü"}`,
		`[`, `{"a"}`, `[1 2]`, `{"a":`, `["`, `}`, `[}]`, `{1:2}`, `"[]"`,
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		type pair struct{ name, value string }
		var got, want []pair
		for name, value := range Members[json.RawMessage](data) {
			got = append(got, pair{name, string(value)})
		}
		if !json.Valid(data) {
			return
		}
		d := json.NewDecoder(bytes.NewReader(data))
		begin, _ := d.Token()
		if begin == json.Delim('{') || begin == json.Delim('[') {
			for d.More() {
				var p pair
				if begin == json.Delim('{') {
					name, _ := d.Token()
					p.name, _ = name.(string)
				}
				var value json.RawMessage
				if err := d.Decode(&value); err != nil {
					t.Fatal(err)
				}
				p.value = string(value)
				want = append(want, p)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("members of %q are %q, want %q", data, got, want)
		}
	})
}
