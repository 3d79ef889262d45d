package emssim_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simtest"
)

// part writes a part of a JSON Web Token.
func part(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// signed signs the first two parts of a token with a key.
func signed(head, body, key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(head + "." + body))
	return head + "." + body + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// What a token says, and when it ends.
func TestToken(t *testing.T) {
	t.Parallel()
	const begin = 1790000000
	for _, tt := range []struct {
		life    time.Duration
		seconds int
	}{{0, 1800}, {time.Minute, 60}} {
		now := simtest.NewClock(time.Unix(begin, 0))
		ems, url := emssim.Start(t, emssim.Options{Now: now.Now, TokenLife: tt.life}, emssim.MustRecorded("manual"))
		token := logIn(t, url)
		parts := strings.Split(token, ".")
		if len(parts) != 3 || parts[0] != part(`{"alg":"HS256","typ":"JWT"}`) {
			t.Fatal(token)
		}
		text, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		type claims struct {
			Username, Role string
			Iat, Exp       int
		}
		if got, want := simtest.Decoded[claims](t, string(text)), (claims{"admin", "API", begin, begin + tt.seconds}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		get := func() simtest.Answer {
			return simtest.Ask(t, http.MethodGet, url+"/v1/sn", "", "Authorization", "Bearer "+token)
		}
		now.Move(time.Duration(tt.seconds)*time.Second - time.Millisecond)
		if a := get(); a.Status != http.StatusOK {
			t.Errorf("%d before its end", a.Status)
		}
		now.Move(time.Millisecond)
		if a := get(); a.Status != http.StatusUnauthorized || a.Body != `{"message":"the token has expired"}` {
			t.Errorf("%d %s after its end", a.Status, a.Body)
		}
		token = logIn(t, url)
		if a := get(); a.Status != http.StatusOK {
			t.Errorf("%d with another", a.Status)
		}
		if s := ems.Stats(); s.Logins != 2 || s.ExpiredTokens != 1 || s.BadTokens != 0 {
			t.Errorf("%+v", s)
		}
	}
}

// A token that the EMS has not made is none.
func TestForgedTokens(t *testing.T) {
	t.Parallel()
	ems, url := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("manual"))
	_, other := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("manual"))
	token := logIn(t, url)
	parts := strings.Split(token, ".")
	head, body := parts[0], parts[1]
	none := part(`{"alg":"none","typ":"JWT"}`)
	longer := part(`{"username":"admin","role":"API","iat":1790000000,"exp":9999999999}`)
	forged := map[string]string{
		"nothing":                    "Bearer ",
		"no scheme":                  token,
		"another scheme":             "Basic " + token,
		"no token":                   "Bearer x",
		"without a signature":        "Bearer " + head + "." + body,
		"empty signature":            "Bearer " + head + "." + body + ".",
		"four parts":                 "Bearer " + token + ".x",
		"space":                      "Bearer  " + token,
		"of another EMS":             "Bearer " + logIn(t, other),
		"no algorithm":               "Bearer " + none + "." + body + ".",
		"no algorithm, signed":       "Bearer " + none + "." + body + "." + parts[2],
		"another end":                "Bearer " + head + "." + longer + "." + parts[2],
		"another key":                "Bearer " + signed(head, longer, "secret"),
		"empty key":                  "Bearer " + signed(head, longer, ""),
		"another algorithm":          "Bearer " + signed(part(`{"alg":"HS512","typ":"JWT"}`), body, ""),
		"head is no JSON":            "Bearer " + part("x") + "." + body + "." + parts[2],
		"head is no base64":          "Bearer !." + body + "." + parts[2],
		"signature is no base64":     "Bearer " + head + "." + body + ".!",
		"padding":                    "Bearer " + token + "=",
		"session of nobody":          "Bearer null",
		"the user's name and secret": "Basic YWRtaW46czNjcmV0IQ==",
	}
	for name, authorization := range forged {
		a := simtest.Ask(t, http.MethodGet, url+"/v1/sn", "", "Authorization", authorization)
		if a.Status != http.StatusUnauthorized || !strings.HasPrefix(a.Body, `{"message":"`) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if s := ems.Stats(); s.BadTokens != len(forged) || s.ExpiredTokens != 0 || s.Answers[401] != len(forged) {
		t.Errorf("%+v", s)
	}
	for _, authorization := range []string{"Bearer " + token, "bearer " + token} {
		if a := simtest.Ask(t, http.MethodGet, url+"/v1/sn", "", "Authorization", authorization); a.Status != http.StatusOK {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
}

// An EMS that was restarted knows no token of before.
func TestExpireTokens(t *testing.T) {
	t.Parallel()
	ems, get := session(t, emssim.Options{}, emssim.MustRecorded("manual"))
	if a := get("/v1/sn"); a.Status != http.StatusOK {
		t.Error(a.Status)
	}
	ems.ExpireTokens()
	if a := get("/v1/sn"); a.Status != http.StatusUnauthorized || a.Body != `{"message":"the token is invalid"}` {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestLogIn(t *testing.T) {
	t.Parallel()
	users := []emssim.User{
		{Name: "reader", Password: "r", Role: emssim.RoleAPI},
		{Name: "installer", Password: "i", Role: "installer"},
		{Name: "nobody", Password: "n"},
		{Name: "open", Role: emssim.RoleAPI},
	}
	const wrong = `{"message":"wrong username or password"}`
	const required = `{"message":"username and password are required"}`
	const noJSON = `{"message":"the body is no JSON object with the strings username and password"}`
	for _, tt := range []struct {
		body   string
		status int
		want   string
		failed int
	}{
		{`{"username":"reader","password":"r"}`, 200, "", 0},
		{`{"username":"reader","password":"r","more":1}`, 200, "", 0},
		{`{"username":"open","password":""}`, 200, "", 0},
		{`{"username":"reader","password":"i"}`, 401, wrong, 1},
		{`{"username":"Reader","password":"r"}`, 401, wrong, 1},
		{`{"username":"admin","password":"s3cret!"}`, 401, wrong, 1},
		{`{"username":"reader","password":""}`, 401, wrong, 1},
		{`{"username":"installer","password":"i"}`, 403, `{"message":"the account has no API role"}`, 1},
		{`{"username":"installer","password":"r"}`, 401, wrong, 1},
		{`{"username":"nobody","password":"n"}`, 403, `{"message":"the account has no API role"}`, 1},
		{`{"username":"reader"}`, 400, required, 0},
		{`{"password":"r"}`, 400, required, 0},
		{`{"username":null,"password":"r"}`, 400, required, 0},
		{`{"username":1,"password":"r"}`, 400, noJSON, 0},
		{`["reader","r"]`, 400, noJSON, 0},
		{``, 400, noJSON, 0},
		{`username=reader&password=r`, 400, noJSON, 0},
		{`{"username":"reader","password":"r"}{}`, 400, noJSON, 0},
		{`{"username":"` + strings.Repeat("a", 5000) + `","password":""}`, 400, `{"message":"the body is too long"}`, 0},
	} {
		t.Run(tt.body[:min(len(tt.body), 60)], func(t *testing.T) {
			t.Parallel()
			ems, url := emssim.Start(t, emssim.Options{Users: users}, emssim.MustRecorded("manual"))
			a := post(t, url+"/v1/auth/login", tt.body)
			if a.Status != tt.status || tt.want != "" && a.Body != tt.want {
				t.Errorf("%d %s", a.Status, a.Body)
			}
			if given := strings.HasPrefix(a.Body, `{"token":"ey`); given != (tt.status == 200) {
				t.Error(a.Body)
			}
			logins := 0
			if tt.status == 200 {
				logins = 1
			}
			if s := ems.Stats(); s.Logins != logins || s.FailedLogins != tt.failed {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestLogInContentType(t *testing.T) {
	t.Parallel()
	_, url := emssim.Start(t, emssim.Options{}, emssim.MustRecorded("manual"))
	for kind, want := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200, "Application/JSON": 200,
		"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, "application/json; =": 415,
	} {
		if a := simtest.Ask(t, http.MethodPost, url+"/v1/auth/login", credentials, "Content-Type", kind); a.Status != want {
			t.Errorf("%q: %d %s", kind, a.Status, a.Body)
		}
	}
}
