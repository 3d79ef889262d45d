package synlinksim

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// PDU is a simulated SynLink PDU. All its methods may be called at any time
// from any goroutine.
type PDU struct {
	options  Options
	log      *slog.Logger
	counters *counters
	sessions *sessions
	faults   faults
	sockets  sockets

	mu      sync.RWMutex
	replies map[string]any // trees by the last word of the path

	ctx  context.Context // ends at Close
	stop context.CancelFunc

	life    sync.Mutex
	closed  bool
	servers map[*http.Server]struct{}
	running sync.WaitGroup
}

// New is a PDU that listens nowhere yet. It panics when a reply of the model
// is no JSON.
func New(options Options, model Model) *PDU {
	options = options.withDefaults()
	p := &PDU{
		options:  options,
		log:      options.Logger,
		counters: newCounters(),
		replies:  make(map[string]any, len(model.Replies)),
		servers:  map[*http.Server]struct{}{},
	}
	p.sessions = newSessions(options, p.counters)
	for name, text := range model.Replies {
		tree, err := parse(text)
		if err != nil {
			panic(fmt.Sprintf("synlinksim: reply %s of model %s: %v", name, model.Name, err))
		}
		p.replies[name] = tree
	}
	p.ctx, p.stop = context.WithCancel(context.Background())
	return p
}

// Serve answers connections of l, with TLS if Options has a certificate, until
// Close, which gives nil, or until l fails. It closes l.
func (p *PDU) Serve(l net.Listener) error {
	if c := p.options.Certificate; c != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*c}, MinVersion: tls.VersionTLS12})
	}
	server := &http.Server{
		Handler:           p,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(p.log.Handler(), slog.LevelDebug),
	}
	if !p.adopt(func() { p.servers[server] = struct{}{} }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer p.running.Done()
	err := server.Serve(l)
	p.life.Lock()
	delete(p.servers, server)
	p.life.Unlock()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return errors.Join(err, l.Close())
}

// Close ends every listener, request and stream, and returns when nothing of
// the PDU runs any more. A PDU that is the handler of another server refuses
// requests from then on.
func (p *PDU) Close() error {
	p.life.Lock()
	p.closed = true
	p.stop()
	var errs []error
	for server := range p.servers {
		errs = append(errs, server.Close())
	}
	p.life.Unlock()
	p.sockets.shut()
	p.running.Wait()
	return errors.Join(errs...)
}

// ExpireSessions ends every session at once.
func (p *PDU) ExpireSessions() { p.sessions.expire() }

// adopt records something that Close must wait for, unless Close was called.
func (p *PDU) adopt(record func()) bool {
	p.life.Lock()
	defer p.life.Unlock()
	if p.closed {
		return false
	}
	record()
	p.running.Add(1)
	return true
}

// scheme is how the PDU's URL begins.
func (p *PDU) scheme() string {
	if p.options.Certificate != nil {
		return "https://"
	}
	return "http://"
}
