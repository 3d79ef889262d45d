package synlink

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
)

// errLogIn is wrapped by the errors of log-ins.
var errLogIn = errors.New("logging in")

// loginPaths are where sessions begin: in the first document, and with newer
// firmware.
var loginPaths = [...]string{"/login", "/api/login"}

// logIn begins sessions.
type logIn struct {
	Access

	client *rest.Client
	last   int // which of loginPaths last answered
}

// do logs in and gives the session. How long one lasts the document does not
// say.
func (l *logIn) do(ctx context.Context) (spid string, life time.Duration, err error) {
	var response rest.Response
	for i := range loginPaths {
		at := (l.last + i) % len(loginPaths)
		response, err = l.client.Post(ctx, rest.Request{
			Path: loginPaths[at], Body: map[string]string{"username": l.Username, "password": l.Password},
		})
		if rest.Status(err) != http.StatusNotFound {
			l.last = at
			break
		}
	}
	switch rest.Status(err) {
	case http.StatusNotFound:
		return "", 0, fmt.Errorf("%w: %w: is this a SynLink PDU?", errLogIn, err)
	case http.StatusUnauthorized, http.StatusForbidden:
		return "", 0, fmt.Errorf("%w: %w: %w: look at user name and password of auth %q, and at the user's state in the PDU", errLogIn, err, collector.ErrRefused, l.Name)
	}
	if err != nil {
		return "", 0, fmt.Errorf("%w: %w", errLogIn, rest.TooOften(err))
	}
	if spid = sessionOf(response.Header); spid == "" {
		return "", 0, fmt.Errorf("%w: POST %s: the answer has no cookie SPID and no header Token: is this a SynLink PDU?",
			errLogIn, l.client.URL(rest.Request{Path: loginPaths[l.last]}))
	}
	return spid, 0, nil
}

// sessionOf is the session in the answer to a log-in, "" where there is none:
// the last cookie SPID, as browsers have it, or else the header Token, which
// holds the same.
func sessionOf(header http.Header) string {
	spid := header.Get("Token")
	answer := http.Response{Header: header}
	for _, cookie := range answer.Cookies() {
		if cookie.Name == "SPID" && cookie.Value != "" {
			spid = cookie.Value
		}
	}
	// What is no value of a cookie (RFC 6265) cannot be sent as one.
	for _, b := range []byte(spid) {
		if b <= ' ' || b >= 0x7f || strings.IndexByte("\",;\\", b) >= 0 {
			return ""
		}
	}
	return spid
}
