package synlinksim

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"

	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simserver"
)

// HTMLPage is a page as a web server that is no PDU shows it, for Fault.Body.
const HTMLPage = simfault.HTMLPage

// Fault is how a path misbehaves. The zero Fault does not.
type Fault = simfault.Fault

// PDU is a simulated SynLink PDU. All its methods may be called at any time
// from any goroutine.
type PDU struct {
	*simserver.Server
	options  Options
	log      *slog.Logger
	counts   *simcount.Counts[Stats]
	sessions *sessions
	faults   simfault.Set
	sockets  sockets

	mu      sync.RWMutex
	replies map[string]any // trees by the last word of the path
}

// New is a PDU that listens nowhere yet. It panics when a reply of the model
// is no JSON.
func New(options Options, model Model) *PDU {
	options = options.withDefaults()
	p := &PDU{
		options: options,
		log:     options.Logger,
		counts:  newCounts(),
		replies: make(map[string]any, len(model.Replies)),
	}
	p.sessions = newSessions(options, p.counts)
	p.Server = simserver.New(simserver.Options{
		Handler:     p.admit(p.faults.Wrap(http.HandlerFunc(p.answer))),
		Certificate: options.Certificate,
		Logger:      options.Logger,
		Closing: func() {
			p.faults.Close()
			p.sockets.shut()
		},
	})
	for name, text := range model.Replies {
		tree, err := parse(text)
		if err != nil {
			panic(fmt.Sprintf("synlinksim: reply %s of model %s: %v", name, model.Name, err))
		}
		p.replies[name] = tree
	}
	return p
}

// SetFault makes a path, as "/api/outlets", misbehave from now on; the zero
// Fault ends that. A fault comes before every check, of who asks, too; /login,
// /api/login and /ws can have one.
func (p *PDU) SetFault(path string, fault Fault) { p.faults.SetFault(path, fault) }

// ExpireSessions ends every session at once.
func (p *PDU) ExpireSessions() { p.sessions.expire() }
