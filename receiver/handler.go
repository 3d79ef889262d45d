package receiver

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// maxPushes is how many pushes are in memory at a time, each with at most
// maxBody. Others wait.
const maxPushes = 256

// Push is what a device sent, after its sender was found to be a known one.
type Push struct {
	Sender string // the configured name
	Path   string // one of the Endpoint's
	Query  url.Values
	Body   []byte // a JSON object
}

// Endpoint is a vendor's part of the push listener.
type Endpoint struct {
	Receiver string   // its name, such as "synlink"
	Paths    []string // where devices POST to, exactly as they write them
	Senders  *Senders
	// Secret is what the request proves its sender by, "" if there is nothing.
	Secret func(*http.Request) string
	// Accept takes a push and returns the body of the 200, which is JSON. What
	// it returns nil for is on disk. Its errors reach the device, and are shown
	// to people: they wrap one of this package's, or count as a mistake of ours.
	Accept func(context.Context, Push) (reply []byte, err error)
}

// HandlerOptions are what a Handler is made of.
type HandlerOptions struct {
	Endpoints []Endpoint
	// Limiter and Refusals outlive a Handler that a reload replaces.
	Limiter  *Limiter
	Refusals *Refusals
	Observer Observer
	Logger   *slog.Logger
	// Proxies are those of which it is believed whom they forward a request for;
	// see clientOf.
	Proxies []netip.Prefix
}

// Handler answers the push listener. It serves the exact paths of its
// endpoints and nothing else: a device on the Internet must not find out more.
// It is never changed; make a new one after a reload.
type Handler struct {
	options HandlerOptions
	paths   map[string]*Endpoint
	places  chan struct{}
}

// NewHandler is a handler of the endpoints. It fails when two of them want the
// same path.
func NewHandler(o HandlerOptions) (*Handler, error) {
	h := &Handler{options: o, paths: map[string]*Endpoint{}, places: make(chan struct{}, maxPushes)}
	for i := range o.Endpoints {
		e := &o.Endpoints[i]
		for _, path := range e.Paths {
			if other := h.paths[path]; other != nil {
				return nil, fmt.Errorf("the receivers %s and %s have the same path %s", other.Receiver, e.Receiver, path)
			}
			h.paths[path] = e
		}
	}
	return h, nil
}

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	q := request{handler: h, w: w, r: r, client: clientOf(r, h.options.Proxies)}
	// The path as it was written: %2F is no slash, and nothing is cleaned.
	if q.endpoint = h.paths[r.URL.EscapedPath()]; q.endpoint != nil {
		q.receiver = q.endpoint.Receiver
	}
	h.options.Observer.PushStarted(q.receiver)
	a := q.answer(r.Context())
	a.send(w)
	h.options.Observer.PushDone(q.receiver, a.result, time.Since(start))
}
