package lenient

import (
	"fmt"
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
