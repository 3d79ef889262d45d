package powerpulse

import (
	"fmt"
	"strings"
	"testing"
)

// TestBounds reads more than there ever is.
func TestBounds(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range maxSystems + 1 {
		fmt.Fprintf(&text, `,{"upsName":"u%d"}`, i)
	}
	list, err := decode([]byte("[" + text.String()[1:] + "]"))
	if len(list) != maxSystems || err == nil || err.Error() != "the list has more than 2000 entries; the others are left out" {
		t.Errorf("%d systems, %v", len(list), err)
	}
	text.Reset()
	for i := range maxMembers + 1 {
		fmt.Fprintf(&text, `,"battery.x%d":"%d"`, i, i)
	}
	list, err = decode([]byte(`[{"upsName":"a","rawVariables":{` + text.String()[1:] + `},"load":5}]`))
	if err != nil || len(list[0].RawVariables) != maxMembers || list[0].Load != "5" {
		t.Errorf("%d variables, %v", len(list[0].RawVariables), err)
	}
}

// TestDecodeErrors compares what is said of answers that are not what they should
// be; nothing of the answer itself is shown.
func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body    string
		systems int
		err     string
	}{
		{`[]`, 0, ""},
		{` [ ] `, 0, ""},
		{"\ufeff[{\"upsName\":\"a\"}]", 1, ""},
		{`[{"upsName":"a"},{"name":"b"},{"id":3}]`, 3, ""},
		{`[{"upsName":"a"},7,{"nickname":"x"}]`, 1, "2 of 3 entries of the list are no UPS systems: they have neither upsName, name nor id"},
		{`{}`, 0, "the answer is JSON of another kind: a list of UPS systems was expected"},
		{`null`, 0, "the answer is JSON of another kind: a list of UPS systems was expected"},
		{`"text"`, 0, "the answer is JSON of another kind: a list of UPS systems was expected"},
		{``, 0, "the answer is empty: JSON was expected"},
		{`<html>`, 0, "the answer is a web page and not JSON: does the address lead to the device itself?"},
		{`[{"upsName":"a"},`, 0, "the answer ends in the middle of its JSON, after 17 bytes"},
		{`[{"upsName":"a"}] xyz`, 0, "the answer is no JSON: it breaks off at byte 19 of 21"},
	} {
		list, err := decode([]byte(c.body))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if len(list) != c.systems || got != c.err {
			t.Errorf("%s: %d systems, %q; want %d, %q", c.body, len(list), got, c.systems, c.err)
		}
	}
}
