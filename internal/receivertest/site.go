package receivertest

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/receiver"
)

// Vendor is what the Options of a vendor's receiver are.
type Vendor interface {
	Kind() receiver.Kind
	Endpoint(store *receiver.Store, senders *receiver.Senders) receiver.Endpoint
}

// Options say what a site receives.
type Options struct {
	Name    string // of the receiver, and of the [receiver.Kind] of its devices
	Vendor  Vendor
	Secrets map[string]string // of the senders, by their names
	OK      string            // the answer to a push that was taken
}

// Site is a receiver with a store on disk, without a network. It fails its test
// when a push panics, or fails by a mistake of the receiver's.
type Site struct {
	TB      testing.TB // that it was opened for
	Store   *receiver.Store
	Handler *receiver.Handler // of the vendor's endpoint alone

	folder  string
	options Options
	log     simtest.Log
	refused receiver.Refusals
}

// Open opens a site whose store is in a folder.
func Open(tb testing.TB, folder string, o Options) *Site {
	tb.Helper()
	s := &Site{TB: tb, folder: folder, options: o}
	s.start()
	return s
}

// start opens store and handler.
func (s *Site) start() {
	s.TB.Helper()
	logger := slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	s.Store, err = receiver.Open(s.folder, receiver.Options{Kinds: map[string]receiver.Kind{s.options.Name: s.options.Vendor.Kind()}, Logger: logger})
	if err != nil {
		s.TB.Fatal(err)
	}
	senders, err := receiver.NewSenders(s.options.Secrets)
	if err != nil {
		s.TB.Fatal(err)
	}
	s.Handler, err = receiver.NewHandler(receiver.HandlerOptions{
		Endpoints: []receiver.Endpoint{s.options.Vendor.Endpoint(s.Store, senders)}, Limiter: receiver.NewLimiter(), Refusals: &s.refused,
		Observer: observer{s}, Logger: logger,
	})
	if err != nil {
		s.TB.Fatal(err)
	}
}

// Stop closes the site.
func (s *Site) Stop() {
	s.TB.Helper()
	if err := s.Store.Close(); err != nil {
		s.TB.Error(err)
	}
}

// Close closes the site, and fails the test if a secret is in what it logged, or
// in what is told of the pushes that it refused.
func (s *Site) Close() {
	s.TB.Helper()
	s.Stop()
	log, refused := s.log.String(), fmt.Sprint(s.refused.Lately())
	for _, secret := range s.options.Secrets {
		if strings.Contains(log, secret) {
			s.TB.Errorf("there is a secret in the log:\n%s", log)
		}
		if strings.Contains(refused, secret) {
			s.TB.Errorf("there is a secret in what is told of refused pushes:\n%s", refused)
		}
	}
}

// Restart closes the site and opens it again. It fails the test unless the same
// is exported then, but for the metrics of some names.
func (s *Site) Restart(but ...string) {
	s.TB.Helper()
	before := without(s.Metrics(), but)
	s.Stop()
	s.start()
	if after := without(s.Metrics(), but); after != before {
		s.TB.Errorf("after a restart there is\n%s\nwant\n%s", after, before)
	}
}

// without is a text without the samples of some metrics.
func without(text string, names []string) string {
	for _, name := range names {
		var kept strings.Builder
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, name+"{") {
				kept.WriteString(line)
			}
		}
		text = kept.String()
	}
	return text
}
