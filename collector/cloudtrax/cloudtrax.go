package cloudtrax

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"power_exporter/collector"
	"power_exporter/power"
)

// Options say which network to read, and how.
type Options struct {
	// Base is the address of the service.
	Base *url.URL
	// TLS is for a Base with https.
	TLS *tls.Config
	// Proxy is nil for none.
	Proxy func(*http.Request) (*url.URL, error)
	// MaxConcurrency is how many strips are asked for at a time, if the gate
	// lets as many through; 0 is one.
	MaxConcurrency int

	// Network is the id of the network, in digits.
	Network string
	// Ports reads the ports of each strip too, by one more request a strip.
	Ports bool

	// Key names the Secret with which requests are signed.
	Key, Secret string
	// AuthName is what the two are called in errors.
	AuthName string
}

// Collector reads the power strips of one network.
type Collector struct {
	options Options
	client  *client

	listed list              // the newest, whatever became of requests since
	own    map[string]object // the same of each strip of the list that is up, by id
	known  []power.Device    // who the strips were at the last reading
}

// list is what the service told of a network.
type list struct {
	strips []strip
	at     time.Time // zero before the first
}

// object is what the service told of one strip.
type object struct {
	strip strip
	at    time.Time
}

// New is a collector that connects when it is first asked to. Its requests pass
// through the gate.
func New(o Options, gate *collector.Gate) *Collector {
	o.MaxConcurrency = max(o.MaxConcurrency, 1)
	return &Collector{options: o, client: newClient(o, gate), own: map[string]object{}}
}

// Close closes the connections that are kept.
func (c *Collector) Close() error {
	c.client.close()
	return nil
}

// Collect reads the network; each strip is a device. A strip that cannot be read
// is as the list has it, and the error names it. While the service asks to wait,
// nothing is sent, and the devices are as they were read before, with their age.
// If the list cannot be read, all strips that are known of are devices that are
// not up, and so are those that are missing in a part of it; if it is not asked for since the service asks to wait, there are none,
// for that alone is no reason to call anybody.
func (c *Collector) Collect(ctx context.Context) ([]power.Device, error) {
	began := time.Now()
	c.client.clock.begin()
	listed, listErr := c.readList(ctx)
	if listErr != nil && len(listed.strips) == 0 {
		if isWaiting(listErr) {
			return nil, listErr
		}
		return slices.Clone(c.known), listErr
	}
	n, err := c.readStrips(ctx, listed, began)
	n.tell(ctx)
	if listErr != nil {
		n.add(c.known)
	}
	c.known = power.AllDown(n.devices)
	return n.devices, errors.Join(listErr, err)
}

// readList reads the list, or gives the last one where the service asks to wait.
// An error beside strips is about others that were in the list.
func (c *Collector) readList(ctx context.Context) (list, error) {
	fresh, err := c.client.list(ctx, c.options.Network)
	if err != nil {
		err = fmt.Errorf("reading the list of network %s: %w", c.options.Network, err)
	}
	switch {
	case isWaiting(err) && fit(c.listed.at):
		return c.listed, nil
	case isWaiting(err):
		return list{}, fmt.Errorf("%w, and there is no reading of the last %s to serve meanwhile", err, keepFor)
	case err != nil && len(fresh.strips) == 0:
		// A strip that is told to be down stays so until it is read again, also if
		// the service then asks to wait.
		c.listed = list{}
		return list{}, err
	}
	c.listed = fresh
	return fresh, err
}

// keepFor is for how long a reading is served while the service asks to wait: long
// enough for a limit by the minute, and not so long that a strip which went down
// is taken to be up.
const keepFor = 15 * time.Minute

// fit reports whether a reading of that time may still be served.
func fit(at time.Time) bool { return !at.IsZero() && time.Since(at) <= keepFor }
