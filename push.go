package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	toolkit "github.com/prometheus/exporter-toolkit/web"

	"power_exporter/config"
	"power_exporter/exposition"
	powersentrixdata "power_exporter/internal/powersentrix"
	"power_exporter/power"
	"power_exporter/receiver"
	"power_exporter/receiver/powersentrix"
	"power_exporter/receiver/synlink"
)

// pushes is what devices push: their store, and the listener that takes them.
// Both begin with the first configuration that has a receiver.
type pushes struct {
	listen  *toolkit.FlagConfig
	path    string // of the store, by the command line; empty for the configuration's
	logger  *slog.Logger
	self    *exposition.Self
	limiter *receiver.Limiter
	refused receiver.Refusals

	store   atomic.Pointer[receiver.Store]
	handler atomic.Pointer[receiver.Handler]
	opened  string     // the store's folder
	mapped  receivers  // what the store maps its devices by
	ended   chan error // of the server

	mu      sync.Mutex
	server  *http.Server
	failure error // why the last configuration's pushes cannot be taken
}

// receivers are the options of each receiver there is, by its name. They can be
// compared.
type receivers map[string]interface{ Kind() receiver.Kind }

// kinds is what a store has to know of the receivers.
func (r receivers) kinds() map[string]receiver.Kind {
	kinds := make(map[string]receiver.Kind, len(r))
	for name, options := range r {
		kinds[name] = options.Kind()
	}
	return kinds
}

func newPushes(f flags, logger *slog.Logger, self *exposition.Self) *pushes {
	return &pushes{
		listen: f.pushListen, path: f.storagePath, logger: logger, self: self,
		limiter: receiver.NewLimiter(), ended: make(chan error, 1),
	}
}

// device is what a device has pushed last.
func (p *pushes) device(id string) (power.Device, bool) {
	if store := p.store.Load(); store != nil {
		return store.Device(id)
	}
	return power.Device{}, false
}

// devices is what all devices have pushed last.
func (p *pushes) devices() []power.Device {
	if store := p.store.Load(); store != nil {
		return store.Devices()
	}
	return nil
}

// statuses is what a person wants to know of the devices that push.
func (p *pushes) statuses() []receiver.Status {
	if store := p.store.Load(); store != nil {
		return store.Statuses()
	}
	return nil
}

// configure makes a configuration the one that pushes are taken by. It is not
// called concurrently.
func (p *pushes) configure(c *config.Config) error {
	err := p.apply(c)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failure = err
	return err
}

// err is why the last configuration's pushes cannot be taken; nil if they can.
func (p *pushes) err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failure
}

// apply does what configure says.
func (p *pushes) apply(c *config.Config) error {
	if c.Receivers.None() && p.store.Load() == nil {
		return nil
	}
	all := receivers{}
	var endpoints []func(*receiver.Store) receiver.Endpoint
	if r := c.Receivers.PowerSentrix; r != nil {
		companies := map[string]string{}
		for i := range r.Companies {
			companies[r.Companies[i].Name] = r.Companies[i].Secret()
		}
		senders, err := receiver.NewSenders(companies)
		if err != nil {
			return err
		}
		o := powersentrix.Options{
			CurrentUnit: currentUnit(r.CurrentUnit), Native: r.Native,
			ExpireAfter: time.Duration(r.ExpireAfter), MaxDevices: r.MaxDevices,
		}
		all[powersentrix.Name] = o
		endpoints = append(endpoints, func(s *receiver.Store) receiver.Endpoint { return o.Endpoint(s, senders) })
	}
	if r := c.Receivers.SynLink; r != nil {
		tokens := map[string]string{}
		for i := range r.Tokens {
			tokens[r.Tokens[i].Name] = r.Tokens[i].Secret()
		}
		senders, err := receiver.NewSenders(tokens)
		if err != nil {
			return err
		}
		o := synlink.Options{ExpireAfter: time.Duration(r.ExpireAfter), MaxDevices: r.MaxDevices}
		all[synlink.Name] = o
		endpoints = append(endpoints, func(s *receiver.Store) receiver.Endpoint { return o.Endpoint(s, senders) })
	}
	if err := p.open(c, all); err != nil {
		return err
	}
	return p.take(all, endpoints, c.Receivers.Proxies())
}

// take makes the endpoints those that pushes come to, directly or through the
// proxies.
func (p *pushes) take(all receivers, endpoints []func(*receiver.Store) receiver.Endpoint, proxies []netip.Prefix) error {
	store := p.store.Load()
	var made []receiver.Endpoint
	for _, endpoint := range endpoints {
		e := endpoint(store)
		p.self.PushesPossible(e.Receiver, resultNames())
		made = append(made, e)
	}
	handler, err := receiver.NewHandler(receiver.HandlerOptions{
		Endpoints: made, Proxies: proxies, Limiter: p.limiter, Refusals: &p.refused, Observer: observer{p.self}, Logger: p.logger,
	})
	if err != nil {
		return err
	}
	// It maps all devices again, which takes a while with many.
	if !maps.Equal(p.mapped, all) {
		store.Configure(all.kinds())
		p.mapped = all
	}
	p.handler.Store(handler)
	return p.serve()
}

// open opens the store, unless that was done.
func (p *pushes) open(c *config.Config, all receivers) error {
	path := c.Storage.Path
	if p.path != "" {
		path = p.path
	}
	if p.store.Load() != nil {
		if path != p.opened {
			p.logger.Warn("the storage path has changed: restart to use it", "path", p.opened, "new", path)
		}
		return nil
	}
	total, kinds := 0, all.kinds()
	for _, kind := range kinds {
		total += kind.MaxDevices
	}
	store, err := receiver.Open(path, receiver.Options{Kinds: kinds, TotalDevices: max(total, receiver.DefaultTotalDevices), Logger: p.logger})
	if err != nil {
		return err
	}
	p.opened, p.mapped = path, all
	p.store.Store(store)
	return nil
}

// serve opens the listener, unless there is one. What it later ends with is
// sent to ended.
func (p *pushes) serve() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server != nil {
		return nil
	}
	address := (*p.listen.WebListenAddresses)[0]
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", address)
	if err != nil {
		return fmt.Errorf("listening for pushes: %w: --push.listen-address chooses another address", err)
	}
	server := receiver.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.handler.Load().ServeHTTP(w, r)
	}), p.logger)
	p.server = server
	go func() {
		err := toolkit.Serve(listener, server, p.listen, p.logger.With("listener", "push"))
		if !errors.Is(err, http.ErrServerClosed) {
			p.ended <- fmt.Errorf("listening for pushes at %s: %w", address, err)
		}
	}()
	return nil
}

// stop ends the listener when the pushes under way are stored, and closes the
// store.
func (p *pushes) stop(ctx context.Context) {
	p.mu.Lock()
	server := p.server
	p.mu.Unlock()
	if server != nil {
		if err := server.Shutdown(ctx); err != nil {
			p.logger.Warn("pushes were cut off", "err", err)
		}
	}
	if store := p.store.Load(); store != nil {
		if err := store.Close(); err != nil {
			p.logger.Error("closing the store", "err", err)
		}
	}
}

// currentUnit is the unit that a word of the configuration names.
func currentUnit(word string) powersentrixdata.CurrentUnit {
	if word == "10mA" {
		return powersentrixdata.CentiAmperes
	}
	return powersentrixdata.MilliAmperes
}

// observer counts pushes among the exporter's own metrics.
type observer struct{ self *exposition.Self }

// PushStarted implements [receiver.Observer].
func (o observer) PushStarted(string) { o.self.PushStarted() }

// PushDone implements [receiver.Observer].
func (o observer) PushDone(name string, result receiver.Result, took time.Duration) {
	o.self.PushDone(name, string(result), took)
}

// PushPanicked implements [receiver.Observer].
func (o observer) PushPanicked(string) { o.self.Panicked() }

// resultNames is every result of a push.
func resultNames() []string {
	var names []string
	for _, r := range receiver.Results() {
		names = append(names, string(r))
	}
	return names
}
