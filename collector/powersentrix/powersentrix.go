package powersentrix

import (
	"context"

	"power_exporter/collector"
	"power_exporter/internal/rest"
	"power_exporter/power"
)

// Collector reads one UPS, or those of one account of the portal.
type Collector struct {
	client *rest.Client
	source source
}

// source is one of the two ways to readings.
type source interface {
	// read is [collector.Collector]'s Collect.
	read(ctx context.Context) ([]power.Device, error)
}

// New is a collector that connects when it is first asked to. Its requests pass
// through the gate.
func New(o Options, gate *collector.Gate) *Collector {
	client := rest.New(rest.Options{
		Base: o.Base, TLS: o.TLS, Proxy: o.Proxy, FollowRedirects: o.FollowRedirects, Gate: gate, Connections: o.Concurrency,
	})
	if o.Portal {
		return &Collector{client: client, source: newPortal(o, client)}
	}
	return &Collector{client: client, source: newDirect(o, client)}
}

// Close closes the connections that are kept.
func (c *Collector) Close() error {
	c.client.Close()
	return nil
}

// Collect reads the UPS, which is one device, or every UPS of the account. A
// UPS that the portal calls offline is a device that is not up, and no error. One
// that cannot be read, when it was before, is a device that is not up either.
func (c *Collector) Collect(ctx context.Context) ([]power.Device, error) { return c.source.read(ctx) }

// measured reports whether a device has any reading of electricity or
// temperature.
func measured(d *power.Device) bool {
	for i := range d.Outlets {
		if o := &d.Outlets[i]; o.On.Present() || o.Voltage.Present() || o.Current.Present() {
			return true
		}
	}
	return len(d.Inlets)+len(d.Outputs)+len(d.Batteries)+len(d.Sensors) > 0
}
