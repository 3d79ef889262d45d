package receiver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
)

// request is one request to the push listener. Nothing of its query, which has
// the secret, or of its body is ever logged.
type request struct {
	handler  *Handler
	w        http.ResponseWriter
	r        *http.Request
	client   netip.Addr
	endpoint *Endpoint // nil for a path that there is not
	receiver string
	sender   string // as soon as the client has proved to be it
}

// answer does what the request asks for.
func (q *request) answer(ctx context.Context) answer {
	var reply []byte
	err := guard(func() (err error) {
		reply, err = q.take(ctx)
		return err
	})
	a := answerTo(reply, err)
	if a.result == Accepted {
		return a
	}
	q.log(a, err)
	q.remember(a)
	if a.refused() {
		if wait := q.handler.options.Limiter.Refused(q.client); wait > 0 {
			return limited("too many requests of this address were refused", wait)
		}
	}
	return a
}

// take hands a request that is in order to the endpoint.
func (q *request) take(ctx context.Context) (reply []byte, err error) {
	if q.sender, err = q.authenticate(); err != nil {
		return nil, err
	}
	defer pushing(ctx)()
	select {
	case q.handler.places <- struct{}{}:
		defer func() { <-q.handler.places }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errAborted, context.Cause(ctx))
	}
	body, err := readBody(q.w, q.r)
	if err != nil {
		return nil, err
	}
	return q.endpoint.Accept(ctx, Push{Sender: q.sender, Path: q.r.URL.Path, Query: q.r.URL.Query(), Body: body})
}

// authenticate is the name of the sender. From an address that has to wait
// because of wrong secrets, only a long secret is told from a wrong one: nobody
// finds one by trying, however often.
func (q *request) authenticate() (sender string, err error) {
	var secret string
	known := false
	if q.endpoint != nil && q.r.Method == http.MethodPost {
		secret = q.endpoint.Secret(q.r)
		sender, known = q.endpoint.Senders.Lookup(secret)
	}
	limiter := q.handler.options.Limiter
	free := known && unguessable(secret)
	if wait := limiter.Blocked(q.client); wait > 0 && !free {
		return "", &TooManyError{What: "too many wrong secrets came from this address", RetryAfter: wait}
	}
	switch {
	case known:
		return sender, nil
	case q.endpoint == nil:
		return "", errNoPath
	case q.r.Method != http.MethodPost:
		return "", errMethod
	}
	limiter.Guessed(q.client, secret)
	return "", ErrUnauthorized
}

// log says why a request was not taken. Anybody can cause most of it, so that only
// the first of an address in a while is told without debugging. Who asks for a path
// that there is not is no device.
func (q *request) log(a answer, err error) {
	logger := q.handler.options.Logger.With("receiver", q.receiver, "client", q.client.String(), "status", a.status)
	if panicked, ok := errors.AsType[*panicError](err); ok {
		q.handler.options.Observer.PushPanicked(q.receiver)
		logger.Error("receiver panicked", "err", panicked, "stack", string(panicked.stack))
		return
	}
	if a.result == Failed {
		logger.Error("a push failed", "err", err)
		return
	}
	mistaken := a.result == Malformed || a.result == Unauthorized || a.result == TooLarge || a.result == Limited
	if q.endpoint != nil && mistaken && q.handler.options.Limiter.Tell(q.client) {
		logger.Warn("push refused; more of this client within 15 minutes are told at level debug", "err", err)
		return
	}
	logger.Debug("push refused", "err", err)
}

// remember notes for people that a push was not taken.
func (q *request) remember(a answer) {
	if q.endpoint == nil {
		return
	}
	q.handler.options.Refusals.add(Refusal{
		Receiver: q.receiver, Client: q.client, Sender: q.sender, Result: a.result, Message: a.message,
	})
}
