// Package simserver is the web server of a simulated device: its listeners,
// with or without TLS, and its end, after which nothing of it runs any more.
// What the requests are answered with is the device's own.
package simserver

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say what a Server is.
type Options struct {
	// Handler answers the requests, whose contexts end at Close.
	Handler http.Handler
	// Certificate is for HTTPS; nil is HTTP.
	Certificate *tls.Certificate
	// Logger gets one line a request at debug level.
	Logger *slog.Logger
	// Closing ends what Handler waits for but does not end with the context
	// of a request, at each Close; nil is nothing.
	Closing func()
}

// Server answers requests until it is closed. All its methods may be called at
// any time from any goroutine.
type Server struct {
	options Options

	mu       sync.Mutex
	closed   bool
	webs     map[*http.Server]struct{}
	requests map[*http.Request]context.CancelFunc
	running  sync.WaitGroup
}

// New is a server that listens nowhere yet.
func New(options Options) *Server {
	return &Server{options: options, webs: map[*http.Server]struct{}{}, requests: map[*http.Request]context.CancelFunc{}}
}

// ServeHTTP answers one request. Its query may have a secret, and is not in the
// log.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	r = r.WithContext(ctx)
	if !s.adopt(func() { s.requests[r] = cancel }) {
		panic(http.ErrAbortHandler)
	}
	defer s.leave(func() { delete(s.requests, r) })
	s.options.Logger.Debug("request", "method", r.Method, "path", r.URL.Path, "remote", r.RemoteAddr)
	s.options.Handler.ServeHTTP(w, r)
}

// Serve answers connections of l, with TLS if Options has a certificate, until
// Close, which gives nil, or until l fails. It closes l.
func (s *Server) Serve(l net.Listener) error {
	if c := s.options.Certificate; c != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*c}, MinVersion: tls.VersionTLS12})
	}
	web := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.options.Logger.Handler(), slog.LevelDebug),
	}
	if !s.adopt(func() { s.webs[web] = struct{}{} }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer s.leave(func() { delete(s.webs, web) })
	err := web.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return errors.Join(err, l.Close())
}

// Close ends every listener and request, and returns when nothing of the server
// runs any more. As the handler of another server it refuses requests from then
// on.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, cancel := range s.requests {
		cancel()
	}
	var errs []error
	for web := range s.webs {
		errs = append(errs, web.Close())
	}
	s.mu.Unlock()
	if s.options.Closing != nil {
		s.options.Closing()
	}
	s.running.Wait()
	return errors.Join(errs...)
}

// URL is that of an address, as "https://127.0.0.1:8443": without a slash at the
// end.
func (s *Server) URL(address string) string {
	if s.options.Certificate != nil {
		return "https://" + address
	}
	return "http://" + address
}

// adopt records something that Close must wait for, unless Close was called.
func (s *Server) adopt(record func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	record()
	s.running.Add(1)
	return true
}

// leave forgets what was adopted, which has ended.
func (s *Server) leave(forget func()) {
	defer s.running.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	forget()
}
