package powerpulse

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"

	"power_exporter/collector"
	"power_exporter/collector/nut"
	"power_exporter/internal/rest"
	"power_exporter/power"
)

// Options say which PowerPulse is read, and how.
type Options struct {
	// Base is its address.
	Base *url.URL
	// TLS is for a Base with https.
	TLS *tls.Config
	// Proxy is nil for none.
	Proxy func(*http.Request) (*url.URL, error)
	// FollowRedirects goes where the server points to, on the same host.
	FollowRedirects bool

	// Kiosk reads what is shown without a log-in. User name and password are
	// then not used.
	Kiosk    bool
	Username string
	Password string
	// AuthName is what the credentials are called in errors.
	AuthName string

	// Natives says which variables without a metric are exported.
	Natives nut.Natives
	// Mixed is called for each object in which PowerPulse has mixed two UPSes;
	// nil is nobody.
	Mixed func()
}

// Collector reads the UPSes of one PowerPulse. It remembers its log-in, which
// paths it has, and who the UPSes were.
type Collector struct {
	client  client
	natives nut.Natives

	ids   []string                  // of the UPSes of the last reading, in the list's order
	known map[string][]power.Device // by id of the UPS, who they were when last heard of
	mixes mixes
}

// New makes a collector that connects when it is first asked to. Its requests
// pass through the gate.
func New(o Options, gate *collector.Gate) *Collector {
	asked := rest.New(rest.Options{
		Base: o.Base, TLS: o.TLS, Proxy: o.Proxy, FollowRedirects: o.FollowRedirects, Gate: gate, Connections: 1,
	})
	return &Collector{
		client:  newClient(asked, o),
		natives: o.Natives,
		known:   map[string][]power.Device{},
		mixes:   newMixes(o.Mixed),
	}
}

// Close closes the connection that is kept.
func (c *Collector) Close() error {
	c.client.rest.Close()
	return nil
}

// Collect reads the UPSes. One of which PowerPulse knows nothing, and one that it
// has mixed with another, is a device that is not up, and no error. If PowerPulse
// itself cannot be read, all UPSes that are known of are devices that are not up.
func (c *Collector) Collect(ctx context.Context) ([]power.Device, error) {
	list, err := c.client.read(ctx)
	if err != nil {
		err = fmt.Errorf("reading the UPS systems: %w", err)
	}
	var devices []power.Device
	var ids []string
	known := make(map[string][]power.Device, len(list))
	keep := func(id string, read []power.Device) {
		devices, ids = append(devices, read...), append(ids, id)
		known[id] = power.AllDown(read)
	}
	for i := range list {
		s := &list[i]
		keep(s.deviceID(), c.devices(s))
	}
	if err != nil { // so the list lacks some, or all
		for _, id := range c.ids {
			if _, ok := known[id]; !ok {
				keep(id, c.known[id])
			}
		}
	}
	c.ids, c.known = ids, known
	c.mixes.tell(ctx, list)
	return devices, err
}

// devices maps one UPS. One of which nothing is known is what it was when last
// heard of: only its readings are gone.
func (c *Collector) devices(s *system) []power.Device {
	if read := devices(s, c.natives); read != nil {
		return read
	}
	if known, ok := c.known[s.deviceID()]; ok {
		return known
	}
	return []power.Device{{ID: s.deviceID(), Name: s.ownersName()}}
}
