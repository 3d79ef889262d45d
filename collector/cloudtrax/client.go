package cloudtrax

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
)

// client asks the service. Its methods may be called concurrently.
type client struct {
	rest   *rest.Client
	signer signer
	words  words
	clock  *clock
	wait   wait
}

func newClient(o Options, gate *collector.Gate) *client {
	c := &client{
		// A redirect is never followed: a signature is for one path, and what
		// the service points to might be a path that acts.
		rest: rest.New(rest.Options{
			Base: o.Base, TLS: o.TLS, Proxy: o.Proxy, Gate: gate, Connections: o.MaxConcurrency,
		}),
		signer: signer{key: o.Key, secret: o.Secret},
		words:  words{auth: o.AuthName},
		clock:  newClock(),
		wait:   wait{gate},
	}
	web := c.rest.HTTP()
	web.Transport = transport{web.Transport, c.wait}
	return c
}

// close closes the connections that are kept.
func (c *client) close() { c.rest.Close() }

// list asks for the strips of a network. Those that could be read are there even
// with an error.
func (c *client) list(ctx context.Context, network string) (list, error) {
	if !digits(network) {
		return list{}, fmt.Errorf("%q is not the number of a network", network)
	}
	var strips []strip
	r, err := c.get(ctx, "/powerstrip/network/"+network+"/list", func(body []byte) (err error) {
		strips, err = decodeList(body)
		return err
	})
	return list{strips, r.Taken}, err
}

// object asks for the object of a strip of a list.
func (c *client) object(ctx context.Context, listed *strip) (object, error) {
	id := listed.ID.String()
	if !digits(id) {
		return object{}, errors.New("its powerstrip_id is not a number")
	}
	var own strip
	r, err := c.get(ctx, objectPath(id), func(body []byte) (err error) {
		own, err = decodeObject(body, id)
		return err
	})
	return object{own, r.Taken}, err
}

// objectPath is where the object of a strip is.
func objectPath(id string) string { return "/powerstrip/" + id }

// digits reports whether an id may be a part of a path. "1/reboot" may not: the
// path would be one that acts.
func digits(id string) bool {
	return id != "" && len(id) <= 20 && strings.Trim(id, "0123456789") == ""
}

// get asks for a path, unless the service asked to wait, and has the answer read.
// A request that came at the wrong time by the service's clock is made once more by
// that.
func (c *client) get(ctx context.Context, path string, read func(body []byte) error) (rest.Response, error) {
	lesson := c.clock.lesson()
	r, err := c.ask(ctx, path, read)
	if !saysCode(err, codeClock) {
		return r, err
	}
	if failed := c.clock.learn(ctx, lesson, c.time); failed != nil {
		return r, fmt.Errorf("%w: %w", err, failed)
	}
	return c.ask(ctx, path, read)
}

// time asks for the time by the service's clock, for which no signature is needed,
// and when it was told.
func (c *client) time(ctx context.Context) (now, told time.Time, err error) {
	r, err := c.send(ctx, rest.Request{Path: "/time", Header: plain(), Read: func(body []byte) (err error) {
		now, err = decodeTime(body)
		return err
	}}, nil)
	return now, r.Taken, err
}

// ask makes a signed request. It makes another one where the service had closed
// the connection that was kept, which is found out only by using it.
func (c *client) ask(ctx context.Context, path string, read func(body []byte) error) (rest.Response, error) {
	var stale atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:              func(conn httptrace.GotConnInfo) { stale.Store(conn.Reused) },
		GotFirstResponseByte: func() { stale.Store(false) },
	})
	r, err := c.signed(traced, path, read)
	if err == nil || !stale.Load() || ctx.Err() != nil {
		return r, err
	}
	c.rest.Close() // the others that are not in use will be no better
	return c.signed(ctx, path, read)
}

// signed makes one request, with a nonce and a signature of its own.
func (c *client) signed(ctx context.Context, path string, read func(body []byte) error) (rest.Response, error) {
	request := rest.Request{Path: path, Read: read}
	stamp, err := c.signer.stamp(c.clock.now(), c.rest.URL(request))
	if err != nil {
		return rest.Response{}, err
	}
	request.Header = stamp.header()
	return c.send(ctx, request, stamp.secrets(c.signer))
}

// send makes one request, unless the service asked to wait, and says in words
// what its error means, without any of the secrets.
func (c *client) send(ctx context.Context, r rest.Request, secrets []string) (rest.Response, error) {
	if err := c.wait.over(); err != nil {
		return rest.Response{}, err
	}
	response, err := c.rest.Get(ctx, r)
	if err == nil {
		return response, nil
	}
	explained := c.words.explain(err, secrets)
	if asked := c.wait.heed(err); asked != nil {
		return response, fmt.Errorf("%w: %w", explained, asked)
	}
	return response, explained
}
