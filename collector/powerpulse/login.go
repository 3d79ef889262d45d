package powerpulse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/lenient"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// loginPath is where a log-in is answered.
const loginPath = "/api/auth/login"

// tokenLife is how long a token lives by the document. It is a JSON Web Token,
// which may say otherwise.
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
	_, err = l.rest.Post(ctx, rest.Request{
		Path: loginPath,
		Body: map[string]string{"username": l.username, "password": l.password},
		Read: func(body []byte) (err error) {
			token, err = tokenOf(body)
			return err
		},
	})
	switch {
	case isRefusal(err):
		err = fmt.Errorf("%w: %w: look at user name and password of auth %q", err, collector.ErrRefused, l.authName)
	case err != nil:
		err = explain(err)
	default:
		return token, session.TokenLife(token, tokenLife), nil
	}
	return "", 0, &session.LogInError{Err: err}
}

// tokenOf reads the answer to a log-in.
func tokenOf(body []byte) (string, error) {
	var answer struct {
		Token lenient.Text `json:"token"`
	}
	if err := lenient.Decode(body, &answer); err != nil {
		return "", err
	}
	token := answer.Token.String()
	if !session.IsToken(token) {
		return "", errors.New("the answer has no token: is this PowerPulse?")
	}
	return token, nil
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
