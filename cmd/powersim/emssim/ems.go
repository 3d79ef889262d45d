package emssim

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simfault"
)

// EMS is a simulated Carlo Gavazzi EMS. All its methods may be called at any
// time from any goroutine.
type EMS struct {
	options  Options
	log      *slog.Logger
	paths    map[string]endpoint
	counters *counters
	tokens   *tokens
	faults   simfault.Set
	answers  http.Handler // to requests that were counted

	mu    sync.RWMutex
	model Model // in the order of the uids

	ctx  context.Context // ends at Close
	stop context.CancelFunc

	life    sync.Mutex
	closed  bool
	servers map[*http.Server]struct{}
	running sync.WaitGroup
}

// New is an EMS that listens nowhere yet. It plays a copy of the model.
func New(options Options, model Model) *EMS {
	options = options.withDefaults()
	s := &EMS{
		options:  options,
		log:      options.Logger,
		paths:    options.Paths.table(),
		counters: newCounters(),
		tokens:   newTokens(),
		model:    model.clone(),
		servers:  map[*http.Server]struct{}{},
	}
	s.answers = s.faults.Wrap(http.HandlerFunc(s.answer))
	s.model.sort()
	if model.Fresh {
		s.model.shift(options.Now().UnixMilli() - s.model.newest())
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Serve answers connections of l, with TLS if Options has a certificate, until
// Close, which gives nil, or until l fails. It closes l.
func (s *EMS) Serve(l net.Listener) error {
	if c := s.options.Certificate; c != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*c}, MinVersion: tls.VersionTLS12})
	}
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	if !s.adopt(func() { s.servers[server] = struct{}{} }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer s.running.Done()
	err := server.Serve(l)
	s.life.Lock()
	delete(s.servers, server)
	s.life.Unlock()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return errors.Join(err, l.Close())
}

// Close ends every listener and request, and returns when nothing of the EMS
// runs any more. An EMS that is the handler of another server refuses requests
// from then on.
func (s *EMS) Close() error {
	s.life.Lock()
	s.closed = true
	s.stop()
	var errs []error
	for server := range s.servers {
		errs = append(errs, server.Close())
	}
	s.life.Unlock()
	s.faults.Close()
	s.running.Wait()
	return errors.Join(errs...)
}

// SetFault makes a path, as "/v1/signals", misbehave from now on; the zero
// Fault ends that. A fault comes before every check, of who asks, too.
func (s *EMS) SetFault(path string, fault simfault.Fault) { s.faults.SetFault(path, fault) }

// ExpireTokens ends every token at once, as an EMS does that was restarted:
// those who show one get 401 until they log in again.
func (s *EMS) ExpireTokens() { s.tokens.expire() }

// Model is a copy of what is played now.
func (s *EMS) Model() Model {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.model.clone()
}

// Edit changes what is played, between two requests.
func (s *EMS) Edit(edit func(*Model)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit(&s.model)
	s.model.sort()
}

// adopt records something that Close must wait for, unless Close was called.
func (s *EMS) adopt(record func()) bool {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return false
	}
	record()
	s.running.Add(1)
	return true
}

// scheme is how the EMS' URL begins.
func (s *EMS) scheme() string {
	if s.options.Certificate != nil {
		return "https://"
	}
	return "http://"
}
