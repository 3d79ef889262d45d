package lenient

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/power"
)

func TestText(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`"a b"`: "a b", `" a "`: "a", `17`: "17", `0.50`: "0.50", `true`: "true", `null`: "", `{"a":1}`: "", `[1]`: "", `"\u00e9"`: "é",
	} {
		got := Text("before")
		if err := json.Unmarshal([]byte(data), &got); err != nil || got.String() != want {
			t.Errorf("%s: got %q, %v; want %q", data, got, err, want)
		}
	}
}

func TestFlag(t *testing.T) {
	t.Parallel()
	on, off := power.Boolean(true), power.Boolean(false)
	for data, want := range map[string]power.Value{
		`true`: on, `false`: off, `"ON"`: on, `"Off"`: off, `" on "`: on, `1`: on, `0`: off, `"1"`: on, `"yes"`: on, `"No"`: off,
		`null`: {}, `2`: {}, `"unknown"`: {}, `""`: {}, `{}`: {}, `[true]`: {},
	} {
		got := FlagOf("on")
		if err := json.Unmarshal([]byte(data), &got); err != nil || got.Value() != want || got.True() != (want == on) {
			t.Errorf("%s: got %v, %v; want %v", data, got.Value(), err, want)
		}
	}
}

// object has members of several kinds.
type object struct {
	ID    Text `json:"id"`
	Inner struct {
		A int `json:"a"`
	} `json:"inner"`
	N power.Number `json:"n"`
}

func TestList(t *testing.T) {
	t.Parallel()
	for data, want := range map[string][]string{
		`[{"id":1},{"id":"b"}]`:                {"1", "b"},
		`{"id":1}`:                             {"1"},
		`[]`:                                   nil,
		`null`:                                 nil,
		`"none"`:                               nil,
		`[null,{"id":1},"x",[]]`:               {"1"},
		`[{"id":1,"inner":"odd"},{"id":2}]`:    {"1", "2"},
		`[{"inner":{"a":"odd"},"id":1,"n":5}]`: {"1"},
	} {
		list := List[object]{{ID: "before"}}
		if err := json.Unmarshal([]byte(data), &list); err != nil {
			t.Errorf("%s: %v", data, err)
		}
		var got []string
		for _, o := range list {
			got = append(got, o.ID.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", data, diff)
		}
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ data, id, err string }{
		{`{"id":"a"}`, "a", ""},
		{"\ufeff{\"id\":\"a\"}\n", "a", ""},
		{`{"inner":7,"id":"a"}`, "a", "the answer's member inner is number where an object was expected"},
		{`{"inner":{"a":"secret"},"id":"a"}`, "a", "the answer's member inner.a is string where a number was expected"},
		{`["secret"]`, "", "the answer is JSON of another kind: array where an object was expected"},
		{``, "", "the answer is empty: JSON was expected"},
		{" \n", "", "the answer is empty: JSON was expected"},
		{`<html>secret</html>`, "", "the answer is a web page and not JSON: does the address lead to the device itself?"},
		{"\xff\xfe{\x00s\x00", "", "the answer is text in UTF-16, and JSON is in UTF-8: does the address lead to the device itself?"},
		{"\xfe\xff\x00{\x00s", "", "the answer is text in UTF-16, and JSON is in UTF-8: does the address lead to the device itself?"},
		{"\x1f\x8b\x08\x00", "", "the answer is compressed, which was not asked for: does something on the way do that?"},
		{"{\"id\":\"K\xfcche\"}", "K\ufffdche", ""}, // Latin-1
		{`{"id":"sec`, "", "the answer ends in the middle of its JSON, after 10 bytes"},
		{`secret`, "", "the answer is no JSON: it breaks off at byte 1 of 6"},
		{`{"id":1} trailing`, "", "the answer is no JSON: it breaks off at byte 10 of 17"},
	} {
		var o object
		err := Decode([]byte(tt.data), &o)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if o.ID.String() != tt.id || text != tt.err {
			t.Errorf("%q: got id %q and error %q; want %q and %q", tt.data, o.ID, text, tt.id, tt.err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`[{"id":1,"inner":{"a":2},"n":"3"},null]`))
	f.Add([]byte(`{"id":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var list List[object]
		if err := Decode(data, &list); err == nil && !json.Valid(data) && len(data) > 2 && string(data[:3]) != "\ufeff" {
			t.Errorf("%q is no JSON and was decoded", data)
		}
	})
}
