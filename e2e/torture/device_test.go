package torture

import (
	"bytes"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// device is a simulated device with a web server, whose port and answers can be
// made to fail.
type device struct {
	*port
	url string
	sim http.Handler
	end chan struct{} // closed when the test ends

	mu    sync.Mutex
	cert  *tls.Certificate
	fault *fault
	stage *stage
	login *stage // at which log-ins fail, or have failed; nil for none
	shown string // the credential that was good before, and is not any more
}

// newDevice serves a simulator until the test ends. A certificate makes it speak
// TLS. Connections are kept only if keep is set, so that who comes after a
// fault began cannot use an old one.
func newDevice(t *testing.T, sim http.Handler, cert *tls.Certificate, keep bool) *device {
	t.Helper()
	d := &device{port: newPort(t), sim: sim, end: make(chan struct{}), cert: cert}
	server := &http.Server{Handler: d, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	server.SetKeepAlivesEnabled(keep)
	served := make(chan struct{})
	go func() {
		defer close(served)
		if cert == nil {
			_ = server.Serve(d) // until it is closed
			return
		}
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: d.certificate}
		_ = server.ServeTLS(d, "", "") // until it is closed
	}()
	d.url = "http://" + d.address
	if cert != nil {
		d.url = "https://" + d.address
	}
	t.Cleanup(func() {
		close(d.end)
		d.well(t)
		_ = server.Close() // whatever is under way is of no interest
		d.hangUp()
		<-served
	})
	return d
}

// certificate is what the device shows.
func (d *device) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cert, nil
}

// show has the device show another certificate.
func (d *device) show(cert *tls.Certificate) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cert = cert
}

// begin has answers fail in a stage from now on; nil ends that.
func (d *device) begin(f *fault, s *stage) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault, d.stage = f, s
	if f != nil && s.logIn {
		d.login = s
	}
}

// ServeHTTP implements http.Handler.
func (d *device) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	credential := r.Header.Get("Authorization") + r.Header.Get("Cookie") + r.Header.Get("X-Access-Token")
	d.mu.Lock()
	if d.login == nil && credential != "" {
		d.shown = credential
	}
	f, s := d.fault, d.stage
	faulty := f != nil && f.answer != nil && (s.faulty(r) || r.URL.Path == logInPage)
	if d.login != nil && d.login.faulty(r) && (!faulty || f.fine) {
		d.login = nil // a new credential may be the same text
	}
	old := d.login != nil && credential != "" && credential == d.shown
	d.mu.Unlock()
	switch {
	case faulty:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		f.answer(&exchange{t: d, w: w, r: r, asked: body})
	case old:
		// The session of before has ended, so that there has to be a log-in.
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"token_expired"}`)
	default:
		d.sim.ServeHTTP(w, r)
	}
}

// exchange is one request that is answered otherwise than it should be.
type exchange struct {
	t     *device
	w     http.ResponseWriter
	r     *http.Request
	asked []byte // the body of the request
}

// raw takes the connection over and gives it to f, after which it is closed.
func (x *exchange) raw(f func(net.Conn)) {
	c, _, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer c.Close()
	f(c)
}

// right is the answer that the device would give.
func (x *exchange) right() *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	x.t.sim.ServeHTTP(w, x.r)
	return w
}
