package ems

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"power_exporter/internal/rest"
	"power_exporter/internal/session"
	"power_exporter/power"
)

const (
	// tokenLife is how long a token lasts by the document.
	tokenLife = 30 * time.Minute
	// longestLife is the longest that a token is believed to last.
	longestLife = 24 * time.Hour
)

// logInError is a log-in that failed, after which nothing else can be asked.
type logInError struct{ err error }

// Error says what failed.
func (e *logInError) Error() string { return "logging in: " + e.err.Error() }

// Unwrap is why.
func (e *logInError) Unwrap() error { return e.err }

// refusal is a log-in that failed for the account, with what to look at.
type refusal struct {
	err  error
	hint string
}

// Error says what was refused.
func (e *refusal) Error() string { return e.err.Error() + ": " + e.hint }

// Unwrap tells the session that the credentials are at fault.
func (e *refusal) Unwrap() []error { return []error{e.err, session.ErrRefused} }

// errLoggedIn ends what enter began.
var errLoggedIn = errors.New("logged in")

// enter logs in, unless there is a session already, so that of several questions
// at a time not each has to try.
func (c *client) enter(ctx context.Context) error {
	// Nothing is asked, so the session must not count as one that has worked.
	err := c.session.Do(ctx, string(login), func(context.Context, string) error { return errLoggedIn })
	if errors.Is(err, errLoggedIn) {
		return nil
	}
	return err
}

// logIn gets a token.
func (c *client) logIn(ctx context.Context) (token string, life time.Duration, err error) {
	response, err := c.rest.Post(ctx, rest.Request{Path: c.path(login), Body: map[string]string{
		"username": c.username, "password": c.password,
	}})
	switch rest.Status(err) {
	case http.StatusUnauthorized:
		err = &refusal{err, fmt.Sprintf("the password of auth %q was refused", c.auth)}
	case http.StatusForbidden:
		err = &refusal{err, fmt.Sprintf("the account of auth %q may not use the API: give it the API role", c.auth)}
	default:
		err = c.hint(login, err)
	}
	if err != nil {
		return "", 0, &logInError{err}
	}
	token, err = decodeText(login.member(), response.Body)
	if err == nil && strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		err = errors.New("the token has characters that no token has")
	}
	if err != nil {
		return "", 0, &logInError{fmt.Errorf("POST %s: %w", c.rest.URL(rest.Request{Path: c.path(login)}), err)}
	}
	return token, lifeOf(token, time.Now()), nil
}

// lifeOf is how long a token lasts, as its claims iat and exp say (RFC 7519), or
// else as the document says. With both of them the clocks need not agree. The
// signature is for the EMS to check.
func lifeOf(token string, now time.Time) time.Duration {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return tokenLife
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return tokenLife
	}
	var claims struct {
		Issued  power.Number `json:"iat"`
		Expires power.Number `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return tokenLife
	}
	expires, ok := power.Seconds(claims.Expires).Get()
	issued, dated := power.Seconds(claims.Issued).Get()
	if !dated {
		issued = float64(now.UnixMilli()) / 1000
	}
	life := expires - issued
	if !ok || life <= 0 || life > longestLife.Seconds() {
		return tokenLife
	}
	return time.Duration(life * float64(time.Second))
}
