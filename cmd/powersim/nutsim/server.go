package nutsim

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simcount"
)

// Options say how the server behaves. The zero Options are a upsd that
// anybody may read and that has no certificate.
type Options struct {
	// Certificate is what STARTTLS shows; nil answers
	// ERR FEATURE-NOT-CONFIGURED.
	Certificate *tls.Certificate
	// Users are the names and passwords of upsd.users.
	Users map[string]string
	// RequireLogin refuses GET and LIST with ERR ACCESS-DENIED until one of
	// Users has given name and password. upsd itself has no such setting;
	// servers that speak its protocol do.
	RequireLogin bool
	// MaxClients is how many connections are served at the same time, like
	// upsd's MAXCONN: one more is accepted and gets no answer until another
	// ends. 0 is no limit.
	MaxClients int
	// SmallWrites sends every line of an answer in a write of its own, and
	// leaves Nagle's algorithm on, as upsd does. Otherwise all that can be
	// answered is sent at once.
	SmallWrites bool
	// IdleTimeout closes a connection that did not end a line for so long; 0
	// is upsd's minute.
	IdleTimeout time.Duration
	// Descriptions answers GET DESC, by variable in lower case.
	Descriptions map[string]string
	// CommandDescriptions answers GET CMDDESC, by command in lower case.
	CommandDescriptions map[string]string
	// Version is upsd's own in VER and server.version; "2.8.0" when empty.
	Version string
	// Logger gets one line a connection at debug level; nil is silent.
	Logger *slog.Logger
}

// Server is a simulated upsd. All its methods may be called at any time from
// any goroutine.
type Server struct {
	options Options
	log     *slog.Logger
	counts  *simcount.Counts[Stats]
	slots   chan struct{} // nil when there is no limit
	logins  logins

	ctx  context.Context // ends at Close, for those who wait for a slot
	stop context.CancelFunc

	mu    sync.RWMutex
	units map[string]*unit // by lower-case name
	order []*unit

	life      sync.Mutex
	closed    bool
	listeners map[net.Listener]struct{}
	conns     map[net.Conn]struct{}
	running   sync.WaitGroup
}

// New is a server that offers the given UPSes and listens nowhere yet.
func New(options Options, units ...UPS) *Server {
	if options.Version == "" {
		options.Version = "2.8.0"
	}
	if options.IdleTimeout == 0 {
		options.IdleTimeout = time.Minute
	}
	s := &Server{
		options:   options,
		log:       options.Logger,
		counts:    simcount.New(Stats{Commands: map[string]int{}, Errors: map[string]int{}}),
		units:     map[string]*unit{},
		listeners: map[net.Listener]struct{}{},
		conns:     map[net.Conn]struct{}{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if options.MaxClients > 0 {
		s.slots = make(chan struct{}, options.MaxClients)
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	for _, u := range units {
		s.Add(u)
	}
	return s
}

// Serve answers connections of l until Close, which gives nil, or until l
// fails. It closes l.
func (s *Server) Serve(l net.Listener) error {
	if !s.adopt(func() { s.listeners[l] = struct{}{} }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer s.running.Done()
	defer func() {
		s.life.Lock()
		defer s.life.Unlock()
		delete(s.listeners, l)
		_ = l.Close() // Close may have been first
	}()
	for {
		conn, err := l.Accept()
		if err != nil {
			if s.ctx.Err() != nil {
				return nil
			}
			return err
		}
		if !s.adopt(func() { s.conns[conn] = struct{}{} }) {
			_ = conn.Close() // nobody was promised an answer
			return nil
		}
		go s.serve(conn, s.occupy())
	}
}

// occupy takes a slot if one is free. Who comes first gets it, therefore this
// is done before the connection has a goroutine.
func (s *Server) occupy() bool {
	select {
	case s.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

// Close ends every listener and connection and returns when nothing of the
// server runs any more.
func (s *Server) Close() error {
	s.life.Lock()
	s.closed = true
	s.stop()
	var errs []error
	for l := range s.listeners {
		errs = append(errs, l.Close())
	}
	for conn := range s.conns {
		_ = conn.Close() // it may have ended by itself
	}
	s.life.Unlock()
	s.running.Wait()
	return errors.Join(errs...)
}

// adopt records something that Close must end, unless Close was called.
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

// serve is the life of one connection, which has a slot already or waits for
// one.
func (s *Server) serve(conn net.Conn, occupied bool) {
	defer s.running.Done()
	s.counts.Add(func(st *Stats) {
		st.Connections++
		st.Open++
		st.MaxOpen = max(st.MaxOpen, st.Open)
	})
	defer func() {
		s.life.Lock()
		delete(s.conns, conn)
		s.life.Unlock()
		// First the count: whoever sees the end of the connection may look.
		s.counts.Add(func(st *Stats) { st.Open-- })
		_ = conn.Close() // the other side may have been first
	}()
	if s.slots != nil {
		if !occupied {
			select {
			case s.slots <- struct{}{}:
			case <-s.ctx.Done():
				return
			}
		}
		defer func() { <-s.slots }()
	}
	s.log.Debug("client connected", "remote", conn.RemoteAddr())
	err := newSession(s, conn).run()
	s.log.Debug("client left", "remote", conn.RemoteAddr(), "err", err)
}
