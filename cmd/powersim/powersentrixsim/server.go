package powersentrixsim

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simfault"
)

// server is the web server of a UPS, and of a portal.
type server struct {
	log         *slog.Logger
	certificate *tls.Certificate
	latency     time.Duration
	counts      counts[Stats]
	faults      simfault.Set
	handler     http.Handler

	ctx  context.Context // ends at Close
	stop context.CancelFunc

	mu      sync.Mutex
	closed  bool
	servers map[*http.Server]struct{}
	acted   []string
	running sync.WaitGroup
}

// newServer answers with the handler, and with faults where there are any.
func newServer(log *slog.Logger, certificate *tls.Certificate, latency time.Duration, answer http.HandlerFunc) *server {
	s := &server{
		log:         log,
		certificate: certificate,
		latency:     latency,
		counts:      counts[Stats]{clone: Stats.clone, now: Stats{Requests: map[string]int{}, Answers: map[int]int{}}},
		servers:     map[*http.Server]struct{}{},
	}
	s.handler = s.faults.Wrap(answer)
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// SetFault makes a path, as "/api_actions", misbehave from now on; the zero
// Fault ends that. A fault comes before every check, of who asks, too.
func (s *server) SetFault(path string, fault simfault.Fault) { s.faults.SetFault(path, fault) }

// Acted lists the requests that would have changed something, which a reader
// never sends, in their order: those that were refused, too. None has a secret.
func (s *server) Acted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.acted)
}

// act records a request to act.
func (s *server) act(request string, r *http.Request) {
	s.log.Warn("somebody asks to act", "request", request, "remote", r.RemoteAddr)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acted = append(s.acted, request)
}

// ServeHTTP answers one request.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.adopt(func() {}) {
		panic(http.ErrAbortHandler)
	}
	defer s.running.Done()
	// The query has the API key, and is not for the log.
	s.log.Debug("request", "method", r.Method, "path", r.URL.Path, "remote", r.RemoteAddr)
	answer := enter(w, r, &s.counts)
	defer answer.leave()
	if !s.pause(r.Context()) {
		panic(http.ErrAbortHandler)
	}
	s.handler.ServeHTTP(answer, r)
}

// pause takes the time that an answer takes; it is false where nobody waits any
// more.
func (s *server) pause(ctx context.Context) bool {
	if s.latency <= 0 {
		return true
	}
	timer := time.NewTimer(s.latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return false
}

// Serve answers connections of l, with TLS if the options have a certificate,
// until Close, which gives nil, or until l fails. It closes l.
func (s *server) Serve(l net.Listener) error {
	if c := s.certificate; c != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*c}, MinVersion: tls.VersionTLS12})
	}
	web := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	if !s.adopt(func() { s.servers[web] = struct{}{} }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer s.running.Done()
	err := web.Serve(l)
	s.mu.Lock()
	delete(s.servers, web)
	s.mu.Unlock()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return errors.Join(err, l.Close())
}

// Close ends every listener and request, and returns when nothing of the server
// runs any more. As the handler of another server it refuses requests from
// then on.
func (s *server) Close() error {
	s.mu.Lock()
	s.closed = true
	s.stop()
	s.faults.Close()
	var errs []error
	for web := range s.servers {
		errs = append(errs, web.Close())
	}
	s.mu.Unlock()
	s.running.Wait()
	return errors.Join(errs...)
}

// adopt records something that Close must wait for, unless Close was called.
func (s *server) adopt(record func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	record()
	s.running.Add(1)
	return true
}

// url is that of an address.
func (s *server) url(address string) string {
	scheme := "http://"
	if s.certificate != nil {
		scheme = "https://"
	}
	return scheme + address
}
