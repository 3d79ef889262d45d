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
	"sync/atomic"
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

// question is one request for something, and what came of it.
type question struct {
	endpoint endpoint
	query    url.Values
	page     int                     // from 1
	taken    *atomic.Int64           // bytes of the whole list so far; nil for what is no list
	read     func(body []byte) error // takes the answer

	err error
}

// askAll asks several things at a time, as far as the gate lets them through.
func (c *client) askAll(ctx context.Context, questions []*question) {
	next := make(chan *question)
	var all sync.WaitGroup
	for range min(atATime, len(questions)) {
		all.Go(func() {
			for q := range next {
				if err := collector.Guard(ctx, func() error {
					c.ask(ctx, q)
					return nil
				}); err != nil {
					q.err = err
				}
			}
		})
	}
	for _, q := range questions {
		next <- q
	}
	close(next)
	all.Wait()
}

// share is how many bytes are taken of one list: half as many again as there are
// to say of maxEntries signals, at some 110 bytes each. There are four lists, so that
// a reading takes some 64 MiB at most; answers under way when a share is used up
// still count.
const share = 16 << 20

// errTooMuch is the error of a page that is not asked for any more.
var errTooMuch = fmt.Errorf("its pages have more than %d MiB, which no site needs, and no more of them are read: "+
	"look at what the EMS answers, or read less with uids or protocol of the module", share>>20)

// ask asks one thing.
func (c *client) ask(ctx context.Context, q *question) {
	request := rest.Request{Path: c.path(q.endpoint), Query: q.query, Read: q.read}
	if q.page > 1 {
		request.Name = "GET " + request.Path + " page " + strconv.Itoa(q.page)
	}
	if q.taken != nil && q.taken.Load() > share {
		q.err = errTooMuch
		return
	}
	get := func(ctx context.Context) error {
		response, err := c.rest.Get(ctx, request)
		if q.taken != nil {
			q.taken.Add(int64(len(response.Body)))
		}
		return c.hint(q.endpoint, err)
	}
	if q.endpoint == version { // it is told to everybody
		q.err = get(ctx)
		return
	}
	q.err = c.session.DoSince(ctx, c.begun, string(q.endpoint), func(ctx context.Context, token string) error {
		request.Header = http.Header{"Authorization": {"Bearer " + token}}
		err := get(ctx)
		if rest.Status(err) == http.StatusUnauthorized {
			return fmt.Errorf("%w: %w", err, session.ErrExpired)
		}
		return err
	})
	if errors.Is(q.err, session.ErrExpired) {
		q.err = fmt.Errorf("%w: may the account of auth %q read this?", q.err, c.auth)
	}
}
