package powerpulse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"power_exporter/internal/lenient"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// listPaths are where the UPS systems are listed: by the program as it runs, and
// by its document. What is behind them, such as /api/ups/systems/1, is never
// asked for: the program writes a record of its own each time.
var listPaths = [...]string{"/api/ups/systems", "/api/ups-systems"}

// client asks one PowerPulse.
type client struct {
	rest     *rest.Client
	session  *session.Session[string] // nil for the kiosk, which needs none
	authName string

	path string // of listPaths, the one that answered last; empty before the first
}

func newClient(asked *rest.Client, o Options) client {
	c := client{rest: asked, authName: o.AuthName}
	if !o.Kiosk {
		l := &logIn{rest: asked, username: o.Username, password: o.Password, authName: o.AuthName}
		c.session = session.New(l.do)
	}
	return c
}

// read reads the list of UPS systems. What could be read is returned even if
// err is not nil.
func (c *client) read(ctx context.Context) ([]system, error) {
	if c.session == nil {
		list, err := c.find(ctx, "/kiosk", nil)
		if isRefused(err) {
			err = fmt.Errorf("%w: this PowerPulse shows nothing without a log-in, or is older than its kiosk; set kiosk to off and give the target an auth", err)
		}
		return list, err
	}
	var list []system
	err := c.session.Do(ctx, "list", func(ctx context.Context, token string) error {
		var err error
		list, err = c.find(ctx, "", http.Header{"Authorization": {"Bearer " + token}})
		if isRefused(err) {
			return fmt.Errorf("%w: %w", err, session.ErrExpired)
		}
		return err
	})
	if errors.Is(err, session.ErrExpired) {
		err = fmt.Errorf("%w, nor was a new one: the user of auth %q may not read the UPS systems", err, c.authName)
	}
	return list, err
}

// isRefused reports whether an answer is about the token or the lack of it. An
// earlier version says 403 to a token that it does not know.
func isRefused(err error) bool {
	status := rest.Status(err)
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// find asks for the list where it was answered the last time, and where there
// is no such path in the other place.
func (c *client) find(ctx context.Context, suffix string, header http.Header) ([]system, error) {
	paths := listPaths
	if c.path == paths[1] {
		paths[0], paths[1] = paths[1], paths[0]
	}
	var missing []error
	for _, path := range paths {
		var list []system
		answered := false
		_, err := c.rest.Get(ctx, rest.Request{Path: path + suffix, Header: header, Read: func(body []byte) (err error) {
			answered = true
			list, err = decode(body)
			return err
		}})
		switch {
		case answered:
			c.path = path
			return list, err
		case saysNoServers(err):
			c.path = path
			return nil, nil
		case rest.Status(err) != http.StatusNotFound:
			return nil, explain(err)
		}
		missing = append(missing, err)
	}
	return nil, explain(fmt.Errorf("%w; %w", missing[0], missing[1]))
}

// saysNoServers reports whether a 404 is not about the path: that nobody has
// given PowerPulse a NUT server yet it says with the same status.
func saysNoServers(err error) bool {
	refused, ok := errors.AsType[*rest.StatusError](err)
	if !ok || refused.Code != http.StatusNotFound {
		return false
	}
	var body struct {
		Message lenient.Text `json:"message"`
	}
	return lenient.Decode(refused.Body, &body) == nil && strings.Contains(strings.ToLower(body.Message.String()), "no nut servers")
}

// explain says what to look at where an answer's status tells.
func explain(err error) error {
	if rest.Status(err) == http.StatusNotFound {
		return fmt.Errorf("%w: is this PowerPulse?", err)
	}
	return rest.TooOften(err)
}
