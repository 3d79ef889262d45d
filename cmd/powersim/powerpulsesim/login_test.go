package powerpulsesim_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/simtest"
)

// start is when these tests take place.
var start = time.Unix(1790000000, 0)

// The document's example, but for the token and the address that its text lost.
func TestLogIn(t *testing.T) {
	t.Parallel()
	now := simtest.NewClock(start)
	server, url := recorded(t, powerpulsesim.Options{Now: now.Now}, "manual")
	a := ask(t, http.MethodPost, url+login, admin)
	token := simtest.Decoded[struct{ Token string }](t, a.Body).Token
	want := `{"message":"Login successful","user":{"id":1,"username":"admin","email":"admin@example.com","role":"admin"},"token":"` + token + `"}`
	if a.Status != http.StatusOK || a.Body != want || a.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("token %s", token)
	}
	for i, want := range []string{
		`{"alg":"HS256","typ":"JWT"}`,
		`{"id":1,"username":"admin","role":"admin","iat":1790000000,"exp":1790086400}`,
	} {
		if text, err := base64.RawURLEncoding.DecodeString(parts[i]); err != nil || string(text) != want {
			t.Errorf("part %d: %s, %v", i, text, err)
		}
	}
	if a := get(t, url+systems, token); a.Status != http.StatusOK {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if stats := server.Stats(); stats.Logins != 1 || stats.FailedLogins != 0 {
		t.Errorf("%+v", stats)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	users := []powerpulsesim.User{{Name: "a", Password: "1", Role: "admin"}, {Name: "b", Password: "2"}, {Name: "c"}}
	server, url := recorded(t, powerpulsesim.Options{Users: users}, "running")
	a := ask(t, http.MethodPost, url+login, `{"username":"b","password":"2"}`)
	token := simtest.Decoded[struct{ Token string }](t, a.Body).Token
	if want := `{"message":"Login successful","user":{"id":2,"username":"b","email":null,"role":"user"},"token":"` + token + `"}`; a.Body != want {
		t.Error(a.Body)
	}
	if a := get(t, url+systems, token); a.Status != http.StatusOK {
		t.Errorf("%d for a user who is no admin", a.Status)
	}
	for _, body := range []string{
		`{"username":"a","password":"2"}`, `{"username":"A","password":"1"}`, `{"username":"c","password":"x"}`, `{"username":"admin","password":"your_password"}`,
	} {
		if a := ask(t, http.MethodPost, url+login, body); a.Status != http.StatusUnauthorized || a.Body != `{"message":"Invalid username or password"}` {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	if stats := server.Stats(); stats.Logins != 1 || stats.FailedLogins != 4 {
		t.Errorf("%+v", stats)
	}
}

func TestBadLogIns(t *testing.T) {
	t.Parallel()
	const required = `{"message":"Username and password are required"}`
	server, url := recorded(t, powerpulsesim.Options{}, "running")
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
		want                    string // begins so
	}{
		{"no password", "application/json", `{"username":"admin"}`, 400, required},
		{"empty password", "application/json", `{"username":"admin","password":""}`, 400, required},
		{"null", "application/json", `{"username":null,"password":"x"}`, 400, required},
		{"another case", "application/json", `{"Username":"admin","Password":"your_password"}`, 400, required},
		{"form", "application/x-www-form-urlencoded", "username=admin&password=your_password", 400, required},
		{"JSON called a form", "application/x-www-form-urlencoded", admin, 400, required},
		{"JSON without a type", "", admin, 400, required},
		{"JSON with a charset", "application/json; charset=utf-8", admin, 200, `{"message":"Login successful"`},
		{"number", "application/json", `{"username":1,"password":"x"}`, 400, "<!DOCTYPE html>"},
		{"no JSON", "application/json", `{username:"admin"}`, 400, "<!DOCTYPE html>"},
		{"nothing", "application/json", ``, 400, "<!DOCTYPE html>"},
		{"array", "application/json", `["admin","your_password"]`, 400, "<!DOCTYPE html>"},
		{"two objects", "application/json", admin + admin, 400, "<!DOCTYPE html>"},
		{"too long", "application/json", `{"username":"` + strings.Repeat("a", 100<<10) + `"}`, 413, "<!DOCTYPE html>"},
	} {
		a := ask(t, http.MethodPost, url+login, tt.body, "Content-Type", tt.contentType)
		if a.Status != tt.status || !strings.HasPrefix(a.Body, tt.want) || strings.HasPrefix(tt.want, "<") != strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %v %s", tt.name, a.Status, a.Header, a.Body)
		}
	}
	if stats := server.Stats(); stats.Logins != 1 || stats.FailedLogins != 0 || len(server.Acted()) != 0 {
		t.Errorf("%+v, acted %v", stats, server.Acted())
	}
}

// refusals are what the three kinds of refusal say.
const (
	missing = `{"message":"No token, authorization denied"}`
	invalid = `{"message":"Token is not valid","error":"invalid_token"}`
	expired = `{"message":"Token expired","error":"token_expired"}`
)

func TestTokensEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ option, life time.Duration }{{0, 24 * time.Hour}, {time.Minute, time.Minute}} {
		now := simtest.NewClock(start)
		_, url := recorded(t, powerpulsesim.Options{Now: now.Now, TokenLife: tt.option}, "running")
		first := logIn(t, url)
		now.Move(tt.life - time.Second)
		second := logIn(t, url)
		if a := get(t, url+systems, first); a.Status != http.StatusOK {
			t.Errorf("before its end: %d %s", a.Status, a.Body)
		}
		now.Move(time.Second)
		if a := get(t, url+systems, first); a.Status != http.StatusUnauthorized || a.Body != expired {
			t.Errorf("at its end: %d %s", a.Status, a.Body)
		}
		if a := get(t, url+systems, second); a.Status != http.StatusOK {
			t.Errorf("the second: %d %s", a.Status, a.Body)
		}
	}
}

// What is no token of this server opens nothing, and not by its claims either.
func TestForgery(t *testing.T) {
	t.Parallel()
	now := simtest.NewClock(start)
	server, url := recorded(t, powerpulsesim.Options{Now: now.Now}, "running")
	token := logIn(t, url)
	parts := strings.Split(token, ".")
	encode := base64.RawURLEncoding.EncodeToString
	signed := func(secret, header, claims string) string {
		text := encode([]byte(header)) + "." + encode([]byte(claims))
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(text))
		return text + "." + encode(mac.Sum(nil))
	}
	const header, later = `{"alg":"HS256","typ":"JWT"}`, `{"id":1,"username":"admin","role":"admin","iat":1790000000,"exp":1990000000}`
	got := map[string]string{}
	want := map[string]string{}
	for name, tt := range map[string]struct{ authorization, want string }{
		"nothing":           {"", missing},
		"the token alone":   {token, invalid},
		"another scheme":    {"Basic " + token, invalid},
		"scheme alone":      {"Bearer", invalid},
		"no token":          {"Bearer jwt_token", invalid},
		"two parts":         {"Bearer " + parts[0] + "." + parts[1], invalid},
		"no signature":      {"Bearer " + parts[0] + "." + parts[1] + ".", invalid},
		"other claims":      {"Bearer " + parts[0] + "." + encode([]byte(later)) + "." + parts[2], invalid},
		"other secret":      {"Bearer " + signed("secret", header, later), invalid},
		"no secret":         {"Bearer " + signed("", header, later), invalid},
		"no algorithm":      {"Bearer " + encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + encode([]byte(later)) + ".", invalid},
		"padded signature":  {"Bearer " + token + "=", invalid},
		"a letter too many": {"Bearer " + token + "A", invalid},
	} {
		var headers []string
		if tt.authorization != "" {
			headers = []string{"Authorization", tt.authorization}
		}
		a := ask(t, http.MethodGet, url+systems, "", headers...)
		got[name], want[name] = a.Body, tt.want
		if a.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	server.NewSecret()
	if a := get(t, url+systems, token); a.Status != http.StatusUnauthorized || a.Body != invalid {
		t.Errorf("with another secret: %d %s", a.Status, a.Body)
	}
	if a := get(t, url+systems, logIn(t, url)); a.Status != http.StatusOK {
		t.Errorf("with a new token: %d %s", a.Status, a.Body)
	}
}

// An earlier program has another status for a token that is not its own, and
// for no other.
func TestInvalidToken(t *testing.T) {
	t.Parallel()
	now := simtest.NewClock(start)
	_, url := recorded(t, powerpulsesim.Options{Now: now.Now, InvalidToken: http.StatusForbidden}, "running")
	token := logIn(t, url)
	now.Move(24 * time.Hour)
	if a := get(t, url+systems, "x"); a.Status != http.StatusForbidden || a.Body != invalid {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := get(t, url+systems, token); a.Status != http.StatusUnauthorized || a.Body != expired {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := get(t, url+systems, ""); a.Status != http.StatusUnauthorized || a.Body != missing {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
