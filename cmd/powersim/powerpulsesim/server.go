package powerpulsesim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simserver"
	"power_exporter/cmd/powersim/simtoken"
)

// Server is a simulated PowerPulse. All its methods may be called at any time
// from any goroutine.
type Server struct {
	*simserver.Server
	options Options
	counts  *simcount.Counts[Stats]
	tokens  *simtoken.Issuer
	faults  simfault.Set

	mu      sync.RWMutex
	systems []object
	mixed   bool
	reads   int // of the systems, so that each is mixed in another way
	acted   []string
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
		options: options,
		counts:  simcount.New(Stats{Traffic: simcount.NewTraffic()}),
		tokens:  simtoken.NewHS256(),
		systems: systems,
		mixed:   model.Mixed,
	}
	s.Server = simserver.New(simserver.Options{
		Handler:     s.record(simcount.Wrap(s.counts, simserver.Late(options.Latency, s.faults.Wrap(s.routes())))),
		Certificate: options.Certificate,
		Logger:      options.Logger,
		Closing:     s.faults.Close,
	})
	return s
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
