package powerpulsesim

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simfault"
)

// Server is a simulated PowerPulse. All its methods may be called at any time
// from any goroutine.
type Server struct {
	options  Options
	log      *slog.Logger
	counters *counters
	faults   simfault.Set
	handler  http.Handler

	mu      sync.RWMutex
	systems []object
	mixed   bool
	secret  []byte
	reads   int // of the systems, so that each is mixed in another way
	acted   []string

	ctx  context.Context // ends at Close
	stop context.CancelFunc

	life    sync.Mutex
	closed  bool
	servers map[*http.Server]struct{}
	running sync.WaitGroup
}

// New is a server that listens nowhere yet. It panics when the systems of the
// model are no JSON array of objects.
func New(options Options, model Model) *Server {
	options = options.withDefaults()
	systems, err := parseSystems(model.Systems)
	if err != nil {
		panic(fmt.Sprintf("powerpulsesim: model %s: %v", model.Name, err))
	}
	s := &Server{
		options:  options,
		log:      options.Logger,
		counters: newCounters(),
		systems:  systems,
		mixed:    model.Mixed,
		secret:   newSecret(),
		servers:  map[*http.Server]struct{}{},
	}
	s.handler = s.late(s.faults.Wrap(s.routes()))
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Serve answers connections of l, with TLS if Options has a certificate, until
// Close, which gives nil, or until l fails. It closes l.
func (s *Server) Serve(l net.Listener) error {
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

// Close ends every listener and request, and returns when nothing of the server
// runs any more. A server that is the handler of another one refuses requests
// from then on.
func (s *Server) Close() error {
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

// SetFault makes a path, as "/api/auth/login", misbehave from now on; the zero
// Fault ends that.
func (s *Server) SetFault(path string, fault simfault.Fault) { s.faults.SetFault(path, fault) }

// Acted lists, in the order in which they came, the requests that would change
// something, as "PUT /api/ups/systems/1/nickname": every method but GET, HEAD
// and OPTIONS, whatever the path and the answer, only log-ins left out. A
// client that only reads sends none.
func (s *Server) Acted() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.acted)
}

// Systems is the array of UPS systems as it is known, nothing mixed.
func (s *Server) Systems() json.RawMessage {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return appendSystems(nil, s.systems)
}

// SetSystems gives the server other UPS systems from now on. The error is about
// a text that is no JSON array of objects.
func (s *Server) SetSystems(text string) error {
	systems, err := parseSystems([]byte(text))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.systems = systems
	return nil
}

// Set gives one value of a UPS system another, or makes it: "load",
// "upsDetails/status", "rawVariables/ups.load". The value is written as JSON.
// The error is about a system or a place that there is not.
func (s *Server) Set(id int, place string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := find(s.systems, strconv.Itoa(id))
	if i < 0 || !s.systems[i].set(place, text) {
		return fmt.Errorf("no place %q in UPS system %d", place, id)
	}
	return s.systems[i].nest()
}

// find is where the UPS system with that id is, or -1.
func find(systems []object, id string) int {
	return slices.IndexFunc(systems, func(o object) bool { return string(o.get("id")) == id })
}

// adopt records something that Close must wait for, unless Close was called.
func (s *Server) adopt(record func()) bool {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return false
	}
	record()
	s.running.Add(1)
	return true
}

// scheme is how the server's URL begins.
func (s *Server) scheme() string {
	if s.options.Certificate != nil {
		return "https://"
	}
	return "http://"
}
