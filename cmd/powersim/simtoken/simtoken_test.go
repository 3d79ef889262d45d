package simtoken

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

// claims are what the tokens of these tests say.
type claims struct {
	Name    string `json:"name"`
	Expires int64  `json:"exp"`
}

// now is when these tests take place.
func now() time.Time { return time.Unix(1790000000, 0) }

// known is an issuer whose secret is known.
func known(i *Issuer) *Issuer {
	i.secret = []byte("of these tests alone")
	return i
}

// The example of RFC 7515, appendix A.1, but for the line breaks in its parts.
func TestHS256(t *testing.T) {
	t.Parallel()
	i := NewHS256()
	secret, err := base64.RawURLEncoding.DecodeString("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
	if err != nil {
		t.Fatal(err)
	}
	i.secret = secret
	const signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
	if got := i.signature(signed); got != "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" {
		t.Error(got)
	}
	if got := i.header; got != "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" {
		t.Error(got)
	}
}

func TestHS512(t *testing.T) {
	t.Parallel()
	i := known(NewHS512())
	token := i.Issue(claims{"a", 1})
	mac := hmac.New(sha512.New, []byte("of these tests alone"))
	mac.Write([]byte("eyJhbGciOiJIUzUxMiJ9.eyJuYW1lIjoiYSIsImV4cCI6MX0"))
	if want := "eyJhbGciOiJIUzUxMiJ9.eyJuYW1lIjoiYSIsImV4cCI6MX0." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)); token != want {
		t.Error(token)
	}
}

// A token is good until its end, of its issuer alone, and until that takes
// another secret.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, i := range []*Issuer{NewHS256(), NewHS512()} {
		token := i.Issue(claims{"a", now().Unix()})
		for at, want := range map[time.Duration]error{-time.Hour: nil, -1: nil, 0: ErrExpired, 1: ErrExpired, time.Hour: ErrExpired} {
			if err := i.Check(token, now().Add(at)); !errors.Is(err, want) {
				t.Errorf("%v: %v, want %v", at, err, want)
			}
		}
		for _, other := range []*Issuer{NewHS256(), NewHS512()} {
			if err := other.Check(token, now().Add(-1)); !errors.Is(err, ErrInvalid) {
				t.Errorf("of another: %v", err)
			}
		}
		i.Revoke()
		if err := i.Check(token, now().Add(-1)); !errors.Is(err, ErrInvalid) {
			t.Errorf("revoked: %v", err)
		}
		if again := i.Issue(claims{"a", now().Unix()}); again == token || i.Check(again, now().Add(-1)) != nil {
			t.Error("another token is none")
		}
	}
}

// Claims that cannot be written are a mistake in the program.
func TestClaims(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a function was signed")
		}
	}()
	NewHS256().Issue(func() {})
}

// Only what was issued is a token, to the letter, and until its end.
func FuzzCheck(f *testing.F) {
	short, long := known(NewHS256()), known(NewHS512())
	for _, i := range []*Issuer{short, long} {
		token := i.Issue(claims{"admin", now().Unix() + 1})
		f.Add(i.Issue(claims{"admin", now().Unix()}))
		// A signed part that is no claims is nothing that is ever issued.
		for _, signed := range []string{i.header + "." + encode([]byte("[]")), i.header + ".e30!", i.header + ".", "a.b", "a", "", encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(`{"exp":9999999999}`))} {
			f.Add(signed + "." + i.signature(signed))
		}
		for _, text := range []string{token, token + "=", token + "A", token + ".", "." + token, token[:len(token)-1], strings.ToUpper(token)} {
			f.Add(text)
		}
	}
	for _, text := range []string{"", ".", "..", "...", "a.b.c", "a.b.c.d", "jwt_token", "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, i := range []*Issuer{short, long} {
			want := ErrInvalid
			switch text {
			case i.Issue(claims{"admin", now().Unix() + 1}):
				want = nil
			case i.Issue(claims{"admin", now().Unix()}):
				want = ErrExpired
			}
			if err := i.Check(text, now()); err != want { //nolint:errorlint // the very error is wanted
				t.Errorf("%q: %v, want %v", text, err, want)
			}
			if i.Check(text, now().Add(time.Second)) == nil {
				t.Errorf("%q is good for ever", text)
			}
		}
	})
}
