package simlogin

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRead(t *testing.T) {
	t.Parallel()
	name, password, err := Read(strings.NewReader(`{"username":"reader","password":"r","more":1}`))
	if name != "reader" || password != "r" || err != nil {
		t.Errorf("%q, %q, %v", name, password, err)
	}
	if _, _, err := Read(iotest.ErrReader(io.ErrUnexpectedEOF)); err == nil || err.Error() != "the body cannot be read" {
		t.Error(err)
	}
	whole := `{"username":"` + strings.Repeat("a", maxBody-len(`{"username":"","password":""}`)) + `","password":""}`
	if _, _, err := Read(strings.NewReader(whole)); err != nil {
		t.Error(err)
	}
	if _, _, err := Read(strings.NewReader(whole + " ")); err == nil || err.Error() != "the body is too long" {
		t.Error(err)
	}
}

// Whatever is sent as a log-in is refused, without a word of it, or is an object
// with two strings.
func FuzzRead(f *testing.F) {
	for _, body := range []string{
		`{"username":"admin","password":"s3cret!"}`, `{"username":"","password":""}`, `{"username":null,"password":"x"}`, `{}`, `[]`, `"x"`, ``, `{`,
		`{"username":1,"password":2}`, `{"username":"a","username":"b","password":"\u0000"}`, `{"username":"a","password":"b"} {}`,
		"username=admin&password=admin", strings.Repeat("[", maxBody), strings.Repeat("[", maxBody+1),
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		name, password, err := Read(bytes.NewReader(body))
		if err != nil {
			switch err.Error() {
			case "the body is too long", "the body is no JSON object with the strings username and password", "username and password are required":
			default:
				t.Error(err)
			}
			if name != "" || password != "" {
				t.Errorf("%q, %q with %v", name, password, err)
			}
			return
		}
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil || len(body) > maxBody {
			t.Errorf("accepted: %v", err)
		}
	})
}
