package emssim

import (
	"net/http"
	"sync"

	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simserver"
	"power_exporter/cmd/powersim/simtoken"
)

// EMS is a simulated Carlo Gavazzi EMS. All its methods may be called at any
// time from any goroutine.
type EMS struct {
	*simserver.Server
	options Options
	paths   map[string]endpoint
	counts  *simcount.Counts[Stats]
	tokens  *simtoken.Issuer
	faults  simfault.Set

	mu    sync.RWMutex
	model Model // in the order of the uids
}

// New is an EMS that listens nowhere yet. It plays a copy of the model.
func New(options Options, model Model) *EMS {
	options = options.withDefaults()
	s := &EMS{
		options: options,
		paths:   options.Paths.table(),
		counts:  simcount.New(Stats{Traffic: simcount.NewTraffic()}),
		tokens:  simtoken.NewHS256(),
		model:   model.clone(),
	}
	s.Server = simserver.New(simserver.Options{
		Handler:     simcount.Wrap(s.counts, simserver.Late(options.Latency, s.faults.Wrap(http.HandlerFunc(s.answer)))),
		Certificate: options.Certificate,
		Logger:      options.Logger,
		Closing:     s.faults.Close,
	})
	s.model.sort()
	if model.Fresh {
		s.model.shift(options.Now().UnixMilli() - s.model.newest())
	}
	return s
}

// SetFault makes a path, as "/v1/signals", misbehave from now on; the zero
// Fault ends that. A fault comes before every check, of who asks, too.
func (s *EMS) SetFault(path string, fault simfault.Fault) { s.faults.SetFault(path, fault) }

// ExpireTokens ends every token at once, as an EMS does that was restarted:
// those who show one get 401 until they log in again.
func (s *EMS) ExpireTokens() { s.tokens.Revoke() }

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
