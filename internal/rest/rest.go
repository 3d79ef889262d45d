// Package rest asks the small web servers of power equipment, and the services
// of their makers, for JSON: within a bounded size and the time of the reading,
// through the device's gate, and without ever taking a credential to another
// host.
package rest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"power_exporter/collector"
)

// maxBody is the largest answer that is read, in bytes.
const maxBody = 16 << 20

// idleTimeout is how long an unused connection is kept. It is longer than any
// usual scrape interval, so that each probe finds one.
const idleTimeout = 3 * time.Minute

// connectTimeout is how long connecting takes at most, and as long again the
// TLS handshake. net/http goes on with both when the request has ended, so that
// without a limit a device that hangs would collect connections.
const connectTimeout = 10 * time.Second

// Options say how to reach a server.
type Options struct {
	// Base is its address; the paths of requests are added to that of Base.
	Base *url.URL
	// TLS is for a base with https.
	TLS *tls.Config
	// Proxy is nil for none.
	Proxy func(*http.Request) (*url.URL, error)
	// FollowRedirects goes where the server points to, on the same host only.
	FollowRedirects bool
	// Gate limits the requests at a time.
	Gate *collector.Gate
	// Connections is how many connections are kept; 0 is two.
	Connections int
	// Dial connects; nil is TCP.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client asks one server. Its methods may be called concurrently.
type Client struct {
	base url.URL
	gate *collector.Gate
	http *http.Client
}

// New is a client that connects when it is first used.
func New(o Options) *Client {
	connections := o.Connections
	if connections == 0 {
		connections = 2
	}
	dial := o.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: connectTimeout}).DialContext
	}
	transport := &http.Transport{
		Proxy:               o.Proxy,
		DialContext:         dial,
		TLSClientConfig:     o.TLS,
		TLSHandshakeTimeout: connectTimeout,
		MaxIdleConns:        connections,
		MaxIdleConnsPerHost: connections,
		IdleConnTimeout:     idleTimeout,
		// A few kilobytes that unpack to the largest answer would cost the server
		// nothing.
		DisableCompression: true,
	}
	return &Client{
		base: *o.Base,
		gate: o.Gate,
		http: &http.Client{Transport: transport, CheckRedirect: redirects(o.FollowRedirects)},
	}
}

// Close closes the connections that are kept.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Request is what is asked.
type Request struct {
	// Name is how the request is recorded; empty for its method and path.
	Name string
	// Path is added to the path of the base, without escapes.
	Path  string
	Query url.Values
	// Hidden are the parameters of Query whose values are secrets.
	Hidden []string
	// Header may carry credentials.
	Header http.Header
	// Body is sent as JSON by Post.
	Body any
	// Read takes the answer; nil is nobody, who takes any. What it does not accept
	// is a request that failed, and must not be quoted in its error.
	Read func(body []byte) error
}

// Response is an answer with a status from 200 to 299.
type Response struct {
	Header http.Header
	Body   []byte
	// Taken is when the answer was complete.
	Taken time.Time
}

// Get asks for something. The error of an answer with any other status is a
// [*StatusError].
func (c *Client) Get(ctx context.Context, r Request) (Response, error) {
	return c.do(ctx, http.MethodGet, r, nil)
}

// Post logs in. Nothing else is ever posted, since a device is only read.
func (c *Client) Post(ctx context.Context, r Request) (Response, error) {
	body, err := json.Marshal(r.Body)
	if err != nil {
		return Response{}, fmt.Errorf("writing the log-in: %w", err)
	}
	return c.do(ctx, http.MethodPost, r, body)
}

// do makes a request, has its answer read, and records what became of it.
func (c *Client) do(ctx context.Context, method string, r Request, body []byte) (Response, error) {
	if c.gate != nil {
		leave, err := c.gate.Enter(ctx)
		if err != nil {
			return Response{}, err
		}
		defer leave()
	}
	start := time.Now()
	response, err := c.exchange(ctx, method, r, body)
	response.Taken = time.Now()
	if err == nil && r.Read != nil {
		err = r.Read(response.Body)
	}
	if err != nil {
		err = fmt.Errorf("%s %s: %w", method, cut(c.URL(r), maxShown), err)
	}
	collector.Record(ctx, collector.Request{
		Name: cmp.Or(r.Name, method+" "+r.Path), Duration: response.Taken.Sub(start), Bytes: int64(len(response.Body)), Err: err,
	})
	return response, err
}

// exchange sends a request and reads the answer.
func (c *Client) exchange(ctx context.Context, method string, r Request, body []byte) (Response, error) {
	var sent io.Reader
	if body != nil {
		sent = bytes.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.address(r).String(), sent)
	if err != nil {
		return Response{}, errors.New("the address cannot be written as a URL")
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "power_exporter")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for key, values := range r.Header {
		request.Header[http.CanonicalHeaderKey(key)] = values
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return Response{}, plain(ctx, err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	switch {
	case err != nil:
		return Response{Body: data}, fmt.Errorf("the answer broke off after %d bytes: %w", len(data), plain(ctx, err))
	case len(data) > maxBody:
		return Response{Body: data[:maxBody]}, fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return Response{Header: answer.Header, Body: data}, statusError(answer, data)
	}
	return Response{Header: answer.Header, Body: data}, nil
}

// HTTP is the client below, for a protocol that begins as a request.
func (c *Client) HTTP() *http.Client { return c.http }
