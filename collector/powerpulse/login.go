package powerpulse

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"power_exporter/internal/lenient"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// loginPath is where a log-in is answered.
const loginPath = "/api/auth/login"

// tokenLife is how long a token lives by the document.
const tokenLife = 24 * time.Hour

// logIn logs in with a user name and a password.
type logIn struct {
	rest     *rest.Client
	username string
	password string
	authName string
}

// do logs in and gives the token and its life.
func (l *logIn) do(ctx context.Context) (token string, life time.Duration, err error) {
	r := rest.Request{Path: loginPath, Body: map[string]string{"username": l.username, "password": l.password}}
	answer, err := l.rest.Post(ctx, r)
	if isRefusal(err) {
		return "", 0, fmt.Errorf("logging in: %w: %w: look at user name and password of auth %q", err, session.ErrRefused, l.authName)
	}
	if err != nil {
		return "", 0, fmt.Errorf("logging in: %w", explain(err))
	}
	var body struct {
		Token lenient.Text `json:"token"`
	}
	if err := lenient.Decode(answer.Body, &body); err != nil {
		return "", 0, fmt.Errorf("logging in: POST %s: %w", l.rest.URL(r), err)
	}
	if token = body.Token.String(); !isToken(token) {
		return "", 0, fmt.Errorf("logging in: POST %s: the answer has no token: is this PowerPulse?", l.rest.URL(r))
	}
	return token, lifeOf(token), nil
}

// isRefusal reports whether a log-in failed because of its credentials. A 400
// is one if the program itself says it, since the request was well formed; a
// web server in front of it says the same of requests that it does not like.
func isRefusal(err error) bool {
	refused, ok := errors.AsType[*rest.StatusError](err)
	if !ok {
		return false
	}
	switch refused.Code {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusBadRequest:
		return json.Valid(refused.Body)
	}
	return false
}

// isToken reports whether a text can be sent as a token (RFC 6750, section 2.1).
func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`",;\`, r)
	})
}

// lifeOf is how long a token lives. It is a JSON Web Token (RFC 7519), which
// says when it was made and when it ends, both by PowerPulse's clock; one that
// does not has the life that the document states.
func lifeOf(token string) time.Duration {
	_, rest, _ := strings.Cut(token, ".")
	claims, _, _ := strings.Cut(rest, ".")
	text, err := base64.RawURLEncoding.DecodeString(claims)
	if err != nil {
		return tokenLife
	}
	var body struct {
		Issued  float64 `json:"iat"` // seconds since 1970
		Expires float64 `json:"exp"` // seconds since 1970
	}
	const year = 366 * 24 * 60 * 60
	seconds := func() float64 { return body.Expires - body.Issued }
	if json.Unmarshal(text, &body) != nil || body.Issued <= 0 || seconds() <= 0 || seconds() > year {
		return tokenLife
	}
	return time.Duration(seconds() * float64(time.Second))
}
