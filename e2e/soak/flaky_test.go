package soak

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
)

// errCut is the end of a body of which half was sent.
var errCut = errors.New("the connection was cut")

// lostError is an answer with this status that was lost on its way.
type lostError int

// Error implements error.
func (e lostError) Error() string { return fmt.Sprintf("the answer %d was lost", int(e)) }

// flaky is a bad link to the exporter: of some requests half arrives, of others
// the answer does not come back.
type flaky struct {
	*http.Transport
	mu     sync.Mutex
	random *rand.Rand
	lost   int // answers
	cut    int // requests
}

// RoundTrip implements http.RoundTripper.
func (f *flaky) RoundTrip(r *http.Request) (*http.Response, error) {
	lose, cut := f.fate()
	if cut && r.ContentLength > 1 {
		r = r.Clone(r.Context())
		r.GetBody = nil
		r.Body = half{r.Body, io.LimitReader(r.Body, r.ContentLength/2)}
	}
	response, err := f.Transport.RoundTrip(r)
	if err != nil || !lose {
		return response, err
	}
	_, _ = io.Copy(io.Discard, response.Body) // nobody sees it
	_ = response.Body.Close()
	return nil, lostError(response.StatusCode)
}

// fate is what becomes of the next request.
func (f *flaky) fate() (lose, cut bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch f.random.IntN(25) {
	case 0:
		f.lost++
		return true, false
	case 1:
		f.cut++
		return false, true
	}
	return false, false
}

// half is the first half of a body, and then an error.
type half struct {
	io.Closer
	first io.Reader
}

// Read implements io.Reader.
func (h half) Read(p []byte) (int, error) {
	n, err := h.first.Read(p)
	if errors.Is(err, io.EOF) {
		err = errCut
	}
	return n, err
}
