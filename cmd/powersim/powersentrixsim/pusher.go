package powersentrixsim

import (
	"context"
	"maps"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simcount"
)

// Pusher sends what a UPS sends to its server: setNewUps at its first boot,
// setUpsData at once and then every period, and setUpsLog for each record of
// its event log. One request is under way at a time.
//
// A setNewUps or setUpsLog that is not acknowledged, with status 200 and
// {"responseMessage":"OK"}, is repeated until it is, the records in their order
// and each with the ord that it had. No record goes out before the setNewUps is
// acknowledged. A setUpsData that is not acknowledged is not repeated: the next
// one says more. (The document says neither; these are the ways in which
// nothing gets lost.)
type Pusher struct {
	device    device
	options   PushOptions
	ownClient bool
	addresses map[string]string
	counts    *simcount.Counts[PushStats]
	gate      chan struct{} // bounds the requests under way; nil does not
	rounds    int           // ends after so many setUpsData; 0 does not
	reset     chan struct{} // has something after FactoryReset

	// What Run alone uses.
	dataAt  time.Time // when the next setUpsData is due
	retryAt time.Time // when the next setNewUps or setUpsLog may go out
	backoff time.Duration
	tried   attempt         // the last setNewUps or setUpsLog
	refused map[string]bool // what the server did not take last time

	mu         sync.Mutex
	registered bool
	generation int // counts the factory resets
	pushes     int // setUpsData sent
	done       Acknowledged
}

// Acknowledged is what a server has acknowledged of one UPS.
type Acknowledged struct {
	CMM           string
	Registrations int // setNewUps
	Data          int // setUpsData
	LastData      int // the number of the last of them, of all that were sent, from 1; 0 is none
	// Ord is that of the newest record since the last factory reset; those
	// before it were acknowledged, too. The next one may have reached the
	// server, whose answer was lost.
	Ord int
	// Events are the records by their code, each counted once, those before
	// a factory reset included.
	Events map[string]int
}

// NewPusher is what sends of a UPS, which has one Pusher at most. It does
// nothing before Run. The UPS shows from then on where it sends to, if it has
// such a setting. The error is about the server's URL.
func NewPusher(options PushOptions, ups *UPS) (*Pusher, error) {
	p, err := newPusher(options, ups)
	if err != nil {
		return nil, err
	}
	ups.Update(func(d *Data) {
		if remote := d.remoteServer(); remote != nil {
			*remote = RemoteServer{p.options.Server, p.options.CompanyID, ups.cmm}
		}
	})
	return p, nil
}

// newPusher is what sends of a device.
func newPusher(options PushOptions, d device) (*Pusher, error) {
	own := options.Client == nil
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Pusher{
		device: d, options: options, ownClient: own, addresses: map[string]string{}, refused: map[string]bool{}, counts: newPushStats(),
		reset: make(chan struct{}, 1), registered: options.Registered, done: Acknowledged{CMM: d.CMM(), Events: map[string]int{}},
	}
	for _, what := range []string{setNewUPS, setUPSData, setUPSLog} {
		p.addresses[what] = p.options.address(what, d.CMM())
	}
	return p, nil
}

// Acknowledged is what the server has acknowledged so far.
func (p *Pusher) Acknowledged() Acknowledged {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := p.done
	done.Events = maps.Clone(done.Events)
	return done
}

// FactoryReset empties the UPS's event log, whose next record is number 1
// again, and sends setNewUps. Records that were not acknowledged are lost.
func (p *Pusher) FactoryReset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.device.forget()
	p.registered = false
	p.generation++
	p.done.Ord = 0
	select {
	case p.reset <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends. It runs once.
func (p *Pusher) Run(ctx context.Context) {
	if p.ownClient {
		defer p.options.Client.CloseIdleConnections()
	}
	p.dataAt = time.Now()
	p.run(ctx)
}

// run sends until ctx ends, or until nothing is left of the rounds.
func (p *Pusher) run(ctx context.Context) {
	for ctx.Err() == nil {
		now := time.Now()
		m, waiting := p.next()
		dataLeft := p.dataLeft()
		dataDue := dataLeft && !now.Before(p.dataAt)
		switch {
		case waiting && !now.Before(p.retryAt) && (m.what == setNewUPS || !dataDue):
			p.deliver(ctx, m)
		case dataDue:
			p.pushData(ctx, now)
		case waiting || dataLeft:
			p.sleep(ctx, waiting, dataLeft)
		default:
			return
		}
	}
}

// dataLeft says whether there will be a setUpsData.
func (p *Pusher) dataLeft() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rounds == 0 || p.pushes < p.rounds
}

// sleep waits for whatever comes first.
func (p *Pusher) sleep(ctx context.Context, waiting, dataLeft bool) {
	until := p.dataAt
	if waiting && (!dataLeft || p.retryAt.Before(until)) {
		until = p.retryAt
	}
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	woken := p.device.woken()
	if waiting {
		woken = nil // a new record does not go out before an old one
	}
	select {
	case <-timer.C:
	case <-woken:
	case <-p.reset:
		p.retryAt, p.backoff = time.Time{}, 0
	case <-ctx.Done():
	}
}
