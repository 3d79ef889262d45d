package cloudtraxsim

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

	"power_exporter/cmd/powersim/simfault"
)

// Cloud is a simulated CloudTrax. All its methods may be called at any time
// from any goroutine.
type Cloud struct {
	options  Options
	log      *slog.Logger
	handler  http.Handler
	counters *counters
	faults   simfault.Set
	nonces   nonces
	limiter  limiter

	mu       sync.RWMutex
	networks []*Network
	strips   map[int64]place
	acted    []string

	ctx  context.Context // ends at Close
	stop context.CancelFunc

	life    sync.Mutex
	closed  bool
	servers map[*http.Server]struct{}
	running sync.WaitGroup
}

// place is a strip, and the network that it is in.
type place struct {
	network *Network
	strip   *Strip
}

// New is a cloud with copies of some networks, that listens nowhere yet. It
// panics when two networks or two strips have the same id.
func New(options Options, networks ...Network) *Cloud {
	options = options.withDefaults()
	c := &Cloud{
		options:  options,
		log:      options.Logger,
		counters: newCounters(),
		strips:   map[int64]place{},
		servers:  map[*http.Server]struct{}{},
	}
	for _, network := range networks {
		if c.network(network.ID) != nil {
			panic(fmt.Sprintf("cloudtraxsim: two networks %d", network.ID))
		}
		own := network.clone()
		c.networks = append(c.networks, own)
		for i := range own.Strips {
			id := own.Strips[i].ID
			if _, ok := c.strips[id]; ok {
				panic(fmt.Sprintf("cloudtraxsim: two strips %d", id))
			}
			c.strips[id] = place{own, &own.Strips[i]}
		}
	}
	c.ctx, c.stop = context.WithCancel(context.Background())
	c.handler = c.faults.Wrap(c.limited(c.routes()))
	return c
}

// SetFault makes a path, as "/powerstrip/network/12345/list", misbehave from now
// on; the zero Fault ends that. A fault comes before every check and before the
// rate limit.
func (c *Cloud) SetFault(path string, fault simfault.Fault) { c.faults.SetFault(path, fault) }

// Edit changes a strip. The error is about a strip that there is not.
func (c *Cloud) Edit(strip int64, edit func(*Strip)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.strips[strip]
	if !ok {
		return fmt.Errorf("no strip %d", strip)
	}
	edit(at.strip)
	return nil
}

// Serve answers connections of l, with TLS if Options has a certificate, until
// Close, which gives nil, or until l fails. It closes l.
func (c *Cloud) Serve(l net.Listener) error {
	if own := c.options.Certificate; own != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*own}, MinVersion: tls.VersionTLS12})
	}
	server := &http.Server{
		Handler:           c,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(c.log.Handler(), slog.LevelDebug),
	}
	if !c.adopt(func() { c.servers[server] = struct{}{} }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer c.running.Done()
	err := server.Serve(l)
	c.life.Lock()
	delete(c.servers, server)
	c.life.Unlock()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return errors.Join(err, l.Close())
}

// Close ends every listener and request, and returns when nothing of the cloud
// runs any more. A cloud that is the handler of another server refuses requests
// from then on.
func (c *Cloud) Close() error {
	c.life.Lock()
	c.closed = true
	c.stop()
	c.faults.Close()
	var errs []error
	for server := range c.servers {
		errs = append(errs, server.Close())
	}
	c.life.Unlock()
	c.running.Wait()
	return errors.Join(errs...)
}

// adopt records something that Close must wait for, unless Close was called.
func (c *Cloud) adopt(record func()) bool {
	c.life.Lock()
	defer c.life.Unlock()
	if c.closed {
		return false
	}
	record()
	c.running.Add(1)
	return true
}

// now is the time by the cloud's clock.
func (c *Cloud) now() time.Time { return c.options.Now().Add(c.options.ClockOffset) }

// network is the network of that id, or nil.
func (c *Cloud) network(id int64) *Network {
	for _, n := range c.networks {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// scheme is how the cloud's URL begins.
func (c *Cloud) scheme() string {
	if c.options.Certificate != nil {
		return "https://"
	}
	return "http://"
}
