package cloudtrax

import (
	"io"
	"net/http"
)

// transport sends requests at most once, and none while the service asks to wait.
//
// net/http sends a GET a second time by itself when a kept connection breaks: the
// nonce would come twice, which the service refuses. It does not repeat a request
// whose body it cannot rewind, even if that is empty.
type transport struct {
	http.RoundTripper

	wait wait
}

// RoundTrip implements [http.RoundTripper]. A request may have waited at the gate
// while another one was told to wait.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.wait.over(); err != nil {
		return nil, err
	}
	r = r.WithContext(r.Context()) // a copy, since a transport must not change it
	r.Body = noBody{}
	return t.RoundTripper.RoundTrip(r)
}

// CloseIdleConnections is what [http.Client] looks for.
func (t transport) CloseIdleConnections() {
	if inner, ok := t.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		inner.CloseIdleConnections()
	}
}

// noBody is an empty body that net/http does not know to be one.
type noBody struct{}

func (noBody) Read([]byte) (int, error) { return 0, io.EOF }

func (noBody) Close() error { return nil }
