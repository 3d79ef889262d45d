package synlink

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// Access is how a PDU knows who asks: by a personal access token, or by a user
// name and password.
type Access struct {
	// Name is what the credentials are called in errors.
	Name     string
	Token    string
	Username string
	Password string
	// Basic sends user name and password with each request, where the PDU is
	// set to take them so.
	Basic bool
}

// access adds what proves who asks to requests.
type access struct {
	Access

	client   *rest.Client
	session  *session.Session[string]
	refusals refusals // of user name and password that are sent with each request
}

func newAccess(a Access, client *rest.Client) *access {
	l := &logIn{Access: a, client: client}
	return &access{Access: a, client: client, session: session.New(l.do)}
}

// prepare does what a reading needs before its first request, so that a failure
// is one and not one an endpoint.
func (a *access) prepare(ctx context.Context) error {
	switch {
	case a.Token != "":
		return nil
	case a.Basic:
		return a.refusals.wait(time.Now())
	}
	return a.session.Ready(ctx)
}

// get asks an endpoint, for a reading that began at a time, and has read take
// the answer.
func (a *access) get(ctx context.Context, begun time.Time, path string, read func([]byte) error) error {
	switch {
	case a.Token != "":
		return a.send(ctx, path, read, "Authorization", "Bearer "+a.Token)
	case a.Basic:
		pair := base64.StdEncoding.EncodeToString([]byte(a.Username + ":" + a.Password))
		return a.send(ctx, path, read, "Authorization", "Basic "+pair)
	}
	return a.session.DoSince(ctx, begun, path, func(ctx context.Context, cookie string) error {
		err := a.send(ctx, path, read, "Cookie", "SPID="+cookie)
		if rest.Status(err) == http.StatusUnauthorized {
			err = expired{err}
		}
		return err
	})
}

// send asks an endpoint with a header, and says what to look at when the PDU
// refuses.
func (a *access) send(ctx context.Context, path string, read func([]byte) error, header, value string) error {
	_, err := a.client.Get(ctx, rest.Request{Path: path, Header: http.Header{header: {value}}, Read: read})
	switch status := rest.Status(err); {
	case status == http.StatusForbidden:
		err = fmt.Errorf("%w: the user of auth %q lacks the permission: give it in the PDU, or leave the endpoint out", err, a.Name)
	case status != http.StatusUnauthorized:
		err = rest.TooOften(err)
	case a.Token != "":
		err = fmt.Errorf("%w: the token of auth %q was refused, or its user lacks the permission", err, a.Name)
	case a.Basic:
		err = fmt.Errorf("%w: user name and password of auth %q were refused, the PDU is not set to take them so (basic), or the user lacks the permission", err, a.Name)
	default:
		err = fmt.Errorf("%w: the user of auth %q is logged in, but lacks the permission: give it in the PDU, or leave the endpoint out", err, a.Name)
	}
	return err
}

// judge looks at the outcome of a reading: a token, or user name and password, that
// were refused, and nowhere accepted, are refused altogether. The latter are not sent
// again at once.
func (a *access) judge(answers []answer) {
	if a.Token == "" && !a.Basic {
		return // the session judges
	}
	var refused error
	for _, answer := range answers {
		_, answered := errors.AsType[odd](answer.err)
		switch {
		case answer.err == nil, answered, rest.Status(answer.err) == http.StatusForbidden:
			a.refusals = refusals{}
			return
		case rest.Status(answer.err) == http.StatusUnauthorized:
			refused = cmp.Or(refused, answer.err)
		}
	}
	if refused == nil {
		return
	}
	for i := range answers {
		if rest.Status(answers[i].err) == http.StatusUnauthorized {
			answers[i].err = denied{answers[i].err}
		}
	}
	if a.Token == "" {
		a.refusals.add(denied{refused}, time.Now())
	}
}

// denied is an error of a request whose credentials were not accepted.
type denied struct{ error }

// Unwrap gives the error, and what tells it from others.
func (d denied) Unwrap() []error { return []error{d.error, collector.ErrRefused} }

// expired is an error of a request whose session was not accepted.
type expired struct{ error }

// Unwrap gives the error, and what a session looks for.
func (e expired) Unwrap() []error { return []error{e.error, session.ErrExpired} }
