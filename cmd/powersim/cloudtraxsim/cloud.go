package cloudtraxsim

import (
	"fmt"
	"log/slog"
	"sync"
	"time"

	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simserver"
)

// Cloud is a simulated CloudTrax. All its methods may be called at any time
// from any goroutine.
type Cloud struct {
	*simserver.Server
	options Options
	log     *slog.Logger
	counts  *simcount.Counts[Stats]
	faults  simfault.Set
	nonces  nonces
	limiter limiter

	mu       sync.RWMutex
	networks []*Network
	strips   map[int64]place
	acted    []string
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
		options: options,
		log:     options.Logger,
		counts:  simcount.New(Stats{Traffic: simcount.NewTraffic(), Refused: map[int]int{}}),
		strips:  map[int64]place{},
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
	c.Server = simserver.New(simserver.Options{
		Handler:     c.record(simcount.Wrap(c.counts, simserver.Late(options.Latency, c.faults.Wrap(c.limited(c.routes()))))),
		Certificate: options.Certificate,
		Logger:      options.Logger,
		Closing:     c.faults.Close,
	})
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
