package powersentrixsim

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simserver"
)

// server is the web server of a UPS, and of a portal.
type server struct {
	*simserver.Server
	log    *slog.Logger
	counts *simcount.Counts[Stats]
	faults simfault.Set

	mu    sync.Mutex
	acted []string
}

// newServer answers with the handler, and with faults where there are any.
func newServer(log *slog.Logger, certificate *tls.Certificate, latency time.Duration, answer http.HandlerFunc) *server {
	s := &server{log: log, counts: simcount.New(Stats{Traffic: simcount.NewTraffic()})}
	s.Server = simserver.New(simserver.Options{
		Handler:     s.weigh(simcount.Wrap(s.counts, simserver.Late(latency, s.faults.Wrap(answer)))),
		Certificate: certificate,
		Logger:      log,
		Closing:     s.faults.Close,
	})
	return s
}

// SetFault makes a path, as "/api_actions", misbehave from now on; the zero
// Fault ends that. A fault comes before every check, of who asks, too.
func (s *server) SetFault(path string, fault simfault.Fault) { s.faults.SetFault(path, fault) }

// Acted lists the requests that would have changed something, which a reader
// never sends, in their order: those that were refused, too. None has a secret.
func (s *server) Acted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.acted)
}

// act records a request to act.
func (s *server) act(request string, r *http.Request) {
	s.log.Warn("somebody asks to act", "request", request, "remote", r.RemoteAddr)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acted = append(s.acted, request)
}

// weigh is a handler that counts the body of a request, and leaves the rest to
// next.
func (s *server) weigh(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.counts.Add(func(st *Stats) { st.BytesIn += max(0, r.ContentLength) })
		next.ServeHTTP(w, r)
	})
}
