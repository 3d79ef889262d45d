package powersentrixsim

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simcount"
)

// FleetOptions say how a Fleet pushes.
type FleetOptions struct {
	// Push is for each UPS. Its Client is shared; nil is one that keeps as
	// many connections as Concurrency. Its Logger is not used: thousands
	// would write at the same time.
	Push PushOptions
	// Model is what each UPS is; the zero Model is "full".
	Model Model
	// Size is how many UPSes there are.
	Size int
	// Concurrency is how many requests are under way at most; 0 is 64.
	Concurrency int
	// Rounds is how many setUpsData each UPS sends; after them, and when
	// every record is acknowledged, Run returns. 0 is until its ctx ends.
	Rounds int
	// EventEvery makes each UPS record an event with every so many
	// setUpsData; 0 is none.
	EventEvery int
	// AtOnce lets all UPSes begin at the same moment, as when the power
	// comes back, instead of spread over a period.
	AtOnce bool
}

// Fleet is a number of UPSes that push, for load: no UPS has more than its
// counters, and what it sends was made beforehand. A UPS's nth setUpsData is
// always the same, see Data.
type Fleet struct {
	options    FleetOptions
	identities []template
	statuses   []template
	counts     *simcount.Counts[PushStats]
	pushers    []*Pusher
}

// variants is how many different readings the UPSes of a Fleet have.
const variants = 16

// NewFleet makes UPSes that do nothing before Run. The error is about the
// server's URL.
func NewFleet(options FleetOptions) (*Fleet, error) {
	if options.Model.Name == "" {
		options.Model = MustRecorded("full")
	}
	if options.Concurrency == 0 {
		options.Concurrency = 64
	}
	n := options.Concurrency
	options.Push.Logger = nil
	if options.Push.Client == nil {
		options.Push.Client = &http.Client{Transport: &http.Transport{MaxIdleConns: n, MaxIdleConnsPerHost: n, MaxConnsPerHost: n}}
	}
	push, err := options.Push.withDefaults()
	if err != nil {
		return nil, err
	}
	options.Push = push
	f := &Fleet{options: options, counts: newPushStats()}
	for seed := range uint64(variants) {
		identity, status := options.Model.template(seed, push.Server, push.CompanyID)
		f.identities = append(f.identities, identity)
		f.statuses = append(f.statuses, status)
	}
	gate := make(chan struct{}, n)
	for i := range options.Size {
		p, err := newPusher(push, &member{fleet: f, index: i, cmm: fmt.Sprintf("load-%05d", i+1)})
		if err != nil {
			return nil, err
		}
		p.counts, p.gate, p.rounds = f.counts, gate, options.Rounds
		f.pushers = append(f.pushers, p)
	}
	return f, nil
}

// Run lets every UPS push until ctx ends, or until the rounds are over. It runs
// once.
func (f *Fleet) Run(ctx context.Context) {
	defer f.options.Push.Client.CloseIdleConnections()
	begin := time.Now()
	var running sync.WaitGroup
	for i, p := range f.pushers {
		p.dataAt = begin
		if !f.options.AtOnce {
			p.dataAt = begin.Add(time.Duration(i) * f.options.Push.Period / time.Duration(len(f.pushers)))
		}
		p.retryAt = p.dataAt
		running.Go(func() { p.run(ctx) })
	}
	running.Wait()
}

// Acknowledged is what the server has acknowledged so far, of each UPS.
func (f *Fleet) Acknowledged() []Acknowledged {
	all := make([]Acknowledged, 0, len(f.pushers))
	for _, p := range f.pushers {
		all = append(all, p.Acknowledged())
	}
	return all
}

// Data is the nth setUpsData of a UPS, both counted as Acknowledged does: the
// UPS from 0, its setUpsData from 1.
func (f *Fleet) Data(ups, n int) []byte {
	p := f.pushers[ups]
	return f.statuses[(ups+n)%variants].fill(p.device.CMM(), serial(ups), f.uptime(n))
}

// FactoryReset is Pusher.FactoryReset of a UPS, counted from 0.
func (f *Fleet) FactoryReset(ups int) { f.pushers[ups].FactoryReset() }

// Stats is a copy of the counts of all UPSes so far.
func (f *Fleet) Stats() PushStats { return f.counts.Snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (f *Fleet) Wait(ctx context.Context, wanted func(PushStats) bool) error {
	return f.counts.Wait(ctx, wanted)
}

// uptime is how long a UPS says it has been up at its nth setUpsData.
func (f *Fleet) uptime(n int) string {
	return formatUptime(time.Duration(n) * f.options.Push.Period)
}

// serial is the serial number of a UPS.
func serial(ups int) string { return fmt.Sprintf("PSX-2026-%06d", ups+1) }
