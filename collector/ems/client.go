package ems

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
)

// atATime is how many requests one reading makes at a time. They begin in the
// order of the questions.
const atATime = 2

// client asks one EMS.
type client struct {
	rest    *rest.Client
	session *session.Session[string] // of a token

	paths    map[string]string
	username string
	password string
	auth     string // what the configuration calls them

	begun time.Time // the reading under way, in which one log-in is tried at most
}

// newClient is a client whose requests pass through the gate.
func newClient(o Options, gate *collector.Gate) *client {
	c := &client{
		rest: rest.New(rest.Options{
			Base: o.Base, TLS: o.TLS, Proxy: o.Proxy, FollowRedirects: o.FollowRedirects, Gate: gate,
		}),
		paths:    o.Paths,
		username: o.Username,
		password: o.Password,
		auth:     o.AuthName,
	}
	c.session = session.New(c.logIn)
	return c
}

// path is where the EMS has something.
func (c *client) path(e endpoint) string {
	return cmp.Or(c.paths[string(e)], e.path())
}

// question is one request for something.
type question struct {
	endpoint endpoint
	query    url.Values
	page     int // from 1
}

// answer is what came of a question.
type answer struct {
	asked string // the request, as it may be shown
	body  []byte
	err   error
}

// askAll asks several things at a time, as far as the gate lets them through.
// The answers are in the order of the questions.
func (c *client) askAll(ctx context.Context, questions []question) []answer {
	answers := make([]answer, len(questions))
	next := make(chan int)
	var all sync.WaitGroup
	for range min(atATime, len(questions)) {
		all.Go(func() {
			for i := range next {
				if err := collector.Guard(ctx, func() error {
					answers[i] = c.ask(ctx, questions[i])
					return nil
				}); err != nil {
					answers[i] = answer{err: err}
				}
			}
		})
	}
	for i := range questions {
		next <- i
	}
	close(next)
	all.Wait()
	return answers
}

// ask asks one thing.
func (c *client) ask(ctx context.Context, q question) (a answer) {
	request := rest.Request{Path: c.path(q.endpoint), Query: q.query}
	if q.page > 1 {
		request.Name = "GET " + request.Path + " page " + strconv.Itoa(q.page)
	}
	a.asked = "GET " + c.rest.URL(request)
	get := func(ctx context.Context) error {
		response, err := c.rest.Get(ctx, request)
		a.body = response.Body
		return c.hint(q.endpoint, err)
	}
	if q.endpoint == version { // it is told to everybody
		a.err = get(ctx)
		return a
	}
	a.err = c.session.DoSince(ctx, c.begun, string(q.endpoint), func(ctx context.Context, token string) error {
		request.Header = http.Header{"Authorization": {"Bearer " + token}}
		err := get(ctx)
		if rest.Status(err) == http.StatusUnauthorized {
			return fmt.Errorf("%w: %w", err, session.ErrExpired)
		}
		return err
	})
	if errors.Is(a.err, session.ErrExpired) {
		a.err = fmt.Errorf("%w: may the account of auth %q read this?", a.err, c.auth)
	}
	return a
}
