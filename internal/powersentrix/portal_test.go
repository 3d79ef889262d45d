package powersentrix_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/internal/powersentrix"
)

func TestDecodeList(t *testing.T) {
	t.Parallel()
	two := []powersentrix.Item{{ID: "42", CMM: "ups-01", Name: "Server Room UPS"}, {ID: "a", CMM: "7"}}
	for _, tt := range []struct {
		data string
		want []powersentrix.Item
		err  string
	}{
		{`{"responseMessage":"OK","responseObject":[{"id":42,"cmm":"ups-01","name":"Server Room UPS","apiKey":"x"},{"id":"a","cmm":7,"name":null}]}`, two, ""},
		{`[{"id":42,"cmm":"ups-01","name":"Server Room UPS"},null,"odd",{"id":"a","cmm":7,"name":{}}]`, two, ""},
		{`{"responseMessage":"ok","responseObject":[]}`, nil, ""},
		{`{"responseMessage":"OK","responseObject":null}`, nil, "the answer is null where a list of UPSes was expected"},
		{` null `, nil, "the answer is null where a list of UPSes was expected"},
		{`{"responseMessage":"Invalid authorization token"}`, nil, `the portal's responseMessage is "Invalid authorization token" and not OK`},
		{`{"responseMessage":"OK","responseObject":{"id":1}}`, nil, "the answer is JSON of another kind: object where a list was expected"},
		{`{"message":"disabledLoginFromWeb"}`, nil, "the answer is JSON of another kind: object where a list was expected"},
		{`"OK"`, nil, "the answer is JSON of another kind: string where a list was expected"},
		{``, nil, "the answer is empty: JSON was expected"},
		{`<html>`, nil, "the answer is a web page and not JSON: does the address lead to the device itself?"},
	} {
		got, err := powersentrix.DecodeList([]byte(tt.data))
		text := ""
		if err != nil {
			text = err.Error()
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || text != tt.err {
			t.Errorf("%s: the error is %q, want %q; the list (-want +got)\n%s", tt.data, text, tt.err, diff)
		}
	}
}

func TestResponseObject(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"responseMessage":"OK","responseObject":{"a":1}}`: `{"a":1}`,
		`{"responseObject":[1]}`:                            `[1]`,
		`{"responseMessage":null,"responseObject":null}`:    `null`,
		`{"name":"n"}`:    `{"name":"n"}`,
		`[1]`:             `[1]`,
		"\ufeff{\"a\":1}": `{"a":1}`,
	} {
		got, err := powersentrix.ResponseObject([]byte(data))
		if err != nil || string(got) != want {
			t.Errorf("%s is about %s, want %s: %v", data, got, want, err)
		}
	}
}

// TestShownMessage is what an error says of messages that are no plain text.
func TestShownMessage(t *testing.T) {
	t.Parallel()
	const jwt = "eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJ1c2VyQGV4YW1wbGUubmV0In0.c2lnbmF0dXJl"
	for message, want := range map[string]string{
		"not found":                          `"not found"`,
		`say "no"`:                           `"say \"no\""`,
		"žltá 電源":                            `"žltá 電源"`,
		"a\r\n\tb\x00\x1b[31mc\u2028\u202Ed": `"a b [31mc d"`,
		"token " + jwt + " has expired":      `"token … has expired"`,
		"\x00\n":                             `""`,
		strings.Repeat("电源 ", 34) + "x":      `"` + strings.Repeat("电源 ", 33) + `电…"`,
		strings.Repeat("no ", 33) + "x":      `"` + strings.Repeat("no ", 33) + `x"`,
		strings.Repeat("\u0001word", 1<<16):  `"` + strings.Repeat("word ", 20) + `…"`,
	} {
		body, err := json.Marshal(map[string]string{"responseMessage": message})
		if err != nil {
			t.Fatal(err)
		}
		_, err = powersentrix.ResponseObject(body)
		if err == nil || err.Error() != "the portal's responseMessage is "+want+" and not OK" {
			t.Errorf("%.50q: the error is %v, want %s", message, err, want)
		}
	}
}
