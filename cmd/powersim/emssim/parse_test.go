package emssim

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// Only what was issued is a token, to the letter, and until its end.
func FuzzToken(f *testing.F) {
	keys := newTokens()
	keys.key = []byte("a key for the corpus")
	now := time.Unix(1790000000, 0)
	token := keys.issue(claims{"admin", RoleAPI, now.Unix(), now.Unix() + 1})
	ended := keys.issue(claims{"admin", RoleAPI, now.Unix() - 1, now.Unix()})
	// A signed part that is no claims is nothing that is ever issued.
	odd := encode([]byte(`{"alg":"HS256"}`)) + "." + encode([]byte("[]"))
	odd += "." + encode(keys.signature(odd))
	none := encode([]byte(`{"alg":"none"}`)) + "." + strings.Split(token, ".")[1]
	none += "." + encode(keys.signature(none))
	for _, text := range []string{token, ended, odd, none, "", ".", "..", "...", token[:len(token)-1], token + "A", strings.ToUpper(token), "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := keys.check(text, now)
		want := errForged
		switch text {
		case token:
			want = nil
		case ended:
			want = errExpired
		}
		if err != want { //nolint:errorlint // the very error is wanted
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	})
}

// Whatever is sent as a log-in is refused or is an object with two strings.
func FuzzCredentials(f *testing.F) {
	for _, body := range []string{
		`{"username":"admin","password":"s3cret!"}`, `{"username":"","password":""}`, `{"username":null,"password":"x"}`, `{}`, `[]`, `"x"`, ``, `{`,
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
	})
}

// A query is refused, or asks for a page that there can be, of an endpoint that
// knows the filter.
func FuzzQuery(f *testing.F) {
	for _, raw := range []string{
		"", "uids=1,2,59", "uids=", "uids=1,,2", "protocol=tcp", "protocol=TCP", "limit=100&page=2", "limit=0", "page=-1", "limit=1e3", "uids=%31",
		"start=1735689600000&end=1735776000000", "limit=9223372036854775807&page=9223372036854775807", "uids=1;2", "%", "limit=1&limit=2",
	} {
		for e := version; e <= history; e++ {
			f.Add(raw, int(e))
		}
	}
	f.Fuzz(func(t *testing.T, raw string, kind int) {
		e := endpoint(kind)
		if e < version || e > history {
			return
		}
		q, err := parseQuery(raw, e)
		if err != nil {
			return
		}
		if q.limit < 1 || q.page < 1 || q.protocol != "" && !slices.Contains(protocols(), q.protocol) || slices.ContainsFunc(q.uids, func(uid int) bool { return uid < 0 }) {
			t.Errorf("%q: %+v", raw, q)
		}
		values, err := url.ParseQuery(raw)
		if err != nil {
			t.Errorf("%q was taken: %v", raw, err)
		}
		if values.Has("uids") != (q.uids != nil) && e.isList() || !e.isList() && q.uids != nil || !e.hasProtocol() && q.protocol != "" || !e.isPaged() && (q.limit != defaultLimit || q.page != 1) {
			t.Errorf("%q of %d: %+v", raw, e, q)
		}
		all := []Value{{UID: 1}, {UID: 2}, {UID: 3}}
		if page := selected(all, q, anyOf[Value]); len(page) > q.limit {
			t.Errorf("%d of %d", len(page), q.limit)
		}
	})
}
