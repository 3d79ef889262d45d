package collector

import (
	"container/list"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// idleTime is how long a collector is kept after its last probe. It is
	// longer than any usual scrape interval, so that sessions survive between
	// scrapes, and short enough that a target that is no longer scraped is
	// soon left alone.
	idleTime = 10 * time.Minute
	// maxCollectors bounds the memory that probes of ever new targets take.
	maxCollectors = 1 << 16
)

// Source says what is to be read, and within which limits.
type Source struct {
	// Key names the reading: probes with the same key may share one. It holds
	// all that a reading depends on: address, module, credential, parameters.
	Key string
	// Device is what MaxConcurrency applies to, whatever the key: an address, or
	// an account of a service. While several sources of a device are in use, the
	// limit is that of the first.
	Device         string
	MaxConcurrency int
	// CacheTTL is how long a successful reading answers further probes.
	CacheTTL time.Duration
	// New makes the collector; its requests pass through the gate.
	New func(*Gate) Collector
	// Epoch is the pool's at the time the source was made of the configuration.
	Epoch int
}

// Pool keeps collectors between probes, one for each source that was probed
// lately.
type Pool struct {
	logger   *slog.Logger
	panicked func()

	mu      sync.Mutex
	entries map[string]*list.Element // of *entry, by key
	recent  *list.List               // of *entry, the most recently used first
	gates   map[string]*sharedGate   // by device
	epoch   int
	sweeper *time.Timer // runs sweep when the least recently used may be forgotten; nil if nothing is kept
}

// entry is one collector and the state of its reading.
type entry struct {
	key       string
	device    string
	collector Collector

	// Guarded by Pool.mu.
	users   int // probes and readings under way
	used    time.Time
	evicted bool

	// Guarded by mu.
	mu     sync.Mutex
	flight *flight
	last   *Result // newest successful reading, if readings are kept at all
}

// sharedGate is a gate and the number of collectors that may pass it.
type sharedGate struct {
	*Gate
	collectors int
}

// NewPool is an empty pool. What does not belong to any reading is logged to
// the logger; panicked is called after each panic of a collector.
func NewPool(logger *slog.Logger, panicked func()) *Pool {
	return &Pool{
		logger:   logger,
		panicked: panicked,
		entries:  map[string]*list.Element{},
		recent:   list.New(),
		gates:    map[string]*sharedGate{},
	}
}

// Epoch counts how often the pool was cleared. Ask for it before looking at the
// configuration: a source that is older than the last Clear is still read, but
// its collector is not kept.
func (p *Pool) Epoch() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.epoch
}

// Clear forgets all collectors: after a reload they may have been made with
// credentials or options that no longer hold. Readings under way end undisturbed.
func (p *Pool) Clear() {
	p.mu.Lock()
	p.epoch++
	var idle []*entry
	for p.recent.Len() > 0 {
		idle = p.evict(p.recent.Back(), idle)
	}
	p.mu.Unlock()
	p.close(idle)
}

// enter returns the collector of a source, which stays until leave.
func (p *Pool) enter(s Source) *entry {
	p.mu.Lock()
	if s.Epoch != p.epoch {
		defer p.mu.Unlock()
		return &entry{device: s.Device, collector: s.New(p.gate(s)), users: 1, evicted: true}
	}
	element, ok := p.entries[s.Key]
	if ok {
		p.recent.MoveToFront(element)
	} else {
		element = p.recent.PushFront(&entry{key: s.Key, device: s.Device, collector: s.New(p.gate(s))})
		p.entries[s.Key] = element
	}
	e := element.Value.(*entry)
	e.users++
	e.used = time.Now()
	var idle []*entry
	if p.recent.Len() > maxCollectors {
		idle = p.evict(p.recent.Back(), nil)
	}
	if p.sweeper == nil {
		p.sweeper = time.AfterFunc(idleTime, p.sweep)
	}
	p.mu.Unlock()
	p.close(idle)
	return e
}

// sweep evicts what nobody has probed for the idle time, although nobody probes
// anything: a stream would else go on for ever. The least recently used are at
// the back, so it ends at the first that is to stay, and comes back for it.
func (p *Pool) sweep() {
	p.mu.Lock()
	p.sweeper = nil
	var idle []*entry
	for back := p.recent.Back(); back != nil; back = p.recent.Back() {
		if left := idleTime - time.Since(back.Value.(*entry).used); left > 0 {
			p.sweeper = time.AfterFunc(left, p.sweep)
			break
		}
		idle = p.evict(back, idle)
	}
	p.mu.Unlock()
	p.close(idle)
}

// gate returns the gate of the source's device. Guarded by mu.
func (p *Pool) gate(s Source) *Gate {
	gate, ok := p.gates[s.Device]
	if !ok {
		gate = &sharedGate{Gate: NewGate(s.MaxConcurrency)}
		p.gates[s.Device] = gate
	}
	gate.collectors++
	return gate.Gate
}

// stay counts one more user of an entry that has one already.
func (p *Pool) stay(e *entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.users++
}

// leave ends what enter or stay began.
func (p *Pool) leave(e *entry) {
	p.mu.Lock()
	e.users--
	var idle []*entry
	if e.evicted && e.users == 0 {
		idle = p.release(e, nil)
	}
	p.mu.Unlock()
	p.close(idle)
}

// evict forgets one entry. It appends it to the idle ones, which are to be
// closed, unless somebody uses it, who then closes it. Guarded by mu.
func (p *Pool) evict(element *list.Element, idle []*entry) []*entry {
	e := p.recent.Remove(element).(*entry)
	delete(p.entries, e.key)
	e.evicted = true
	if e.users > 0 {
		return idle
	}
	return p.release(e, idle)
}

// release lets go of the gate of an entry that nobody uses any more, and appends
// it to the idle ones. Guarded by mu.
func (p *Pool) release(e *entry, idle []*entry) []*entry {
	if gate := p.gates[e.device]; gate.collectors > 1 {
		gate.collectors--
	} else {
		delete(p.gates, e.device)
	}
	return append(idle, e)
}

// close lets the collectors let go of what they held between readings. It may
// take them a while, so nothing is locked.
func (p *Pool) close(idle []*entry) {
	for _, e := range idle {
		closer, ok := e.collector.(io.Closer)
		if !ok {
			continue
		}
		if err := closer.Close(); err != nil {
			p.logger.Debug("closing collector", "device", e.device, "err", err)
		}
	}
}
