package ems

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// tokenLife is how long a token lasts by the document. It is a JSON Web Token,
// which may say otherwise.
const tokenLife = 30 * time.Minute

// logIn gets a token.
func (c *client) logIn(ctx context.Context) (token string, life time.Duration, err error) {
	_, err = c.rest.Post(ctx, rest.Request{
		Path: c.path(login),
		Body: map[string]string{"username": c.username, "password": c.password},
		Read: func(body []byte) (err error) {
			token, err = tokenOf(body)
			return err
		},
	})
	switch rest.Status(err) {
	case http.StatusUnauthorized:
		err = fmt.Errorf("%w: %w: look at user name and password of auth %q", err, collector.ErrRefused, c.auth)
	case http.StatusForbidden:
		err = fmt.Errorf("%w: %w: the account of auth %q may not use the API: give it the API role", err, collector.ErrRefused, c.auth)
	default:
		err = c.hint(login, err)
	}
	if err != nil {
		return "", 0, &session.LogInError{Err: err}
	}
	return token, session.TokenLife(token, tokenLife), nil
}

// tokenOf reads the answer to a log-in.
func tokenOf(body []byte) (string, error) {
	token, err := decodeText(login.member(), body)
	if err == nil && !session.IsToken(token) {
		return "", errors.New("the token has characters that no token has")
	}
	return token, err
}
