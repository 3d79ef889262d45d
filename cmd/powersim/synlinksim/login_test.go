package synlinksim

import (
	"encoding/json"
	"strings"
	"testing"
)

// Whatever is sent as a log-in is refused or is an object with two strings.
func FuzzCredentials(f *testing.F) {
	for _, body := range []string{
		`{"username":"admin","password":"admin"}`, `{"username":"","password":""}`, `{"username":null,"password":"x"}`, `{}`, `[]`, `"x"`, ``, `{`,
		`{"username":1,"password":2}`, `{"username":"a","username":"b","password":"\u0000"}`, `{"username":"a","password":"b"} {}`,
		"username=admin&password=admin", strings.Repeat("[", maxLogin),
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		name, password, err := credentials(body)
		if err != nil {
			if name != "" || password != "" {
				t.Errorf("%q, %q with %v", name, password, err)
			}
			return
		}
		var fields map[string]any
		if err := json.Unmarshal(body, &fields); err != nil || len(body) > maxLogin {
			t.Errorf("accepted: %v", err)
		}
		s := newSessions(Options{Users: []User{{Name: "a", Password: "b"}}}.withDefaults(), newCounters())
		user, token, verdict := s.logIn(name, password)
		right := name == "a" && password == "b"
		if (user != nil) != right || (token != "") != right || (verdict == accepted) != right {
			t.Errorf("%v, %q, %v of %q, %q", user, token, verdict, name, password)
		}
	})
}
