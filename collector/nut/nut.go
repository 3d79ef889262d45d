package nut

import (
	"context"
	"crypto/tls"
	"fmt"
	"slices"

	"power_exporter/collector"
	"power_exporter/power"
)

// Options say which server is read, and how.
type Options struct {
	Address string // host:port

	Username string // "" for none, which is what upsd needs for reading
	Password string

	TLS *tls.Config // nil for no STARTTLS

	UPS     []string // names of the UPSes to read; none for all
	Natives Natives
}

// Collector reads the UPSes of one NUT server. It remembers their names from
// reading to reading, and no connection: a server has few places for clients,
// upsd drops those that are silent for a minute, and what a kept one would
// save is a single round trip.
type Collector struct {
	client  client
	natives Natives
	gate    *collector.Gate

	names []string                  // the UPSes there were at the last reading, or should be
	known map[string][]power.Device // by UPS, who they were when last heard of
}

// New makes a collector whose connections pass through the gate.
func New(o Options, gate *collector.Gate) *Collector {
	return &Collector{
		client:  client{address: o.Address, username: o.Username, password: o.Password, tls: o.TLS, only: o.UPS},
		natives: o.Natives,
		gate:    gate,
		names:   o.UPS,
		known:   map[string][]power.Device{},
	}
}

// Collect reads the server's UPSes. A UPS that the server calls stale or
// disconnected is a device that is not up, and no error. If the server itself
// cannot be reached, all UPSes that are known of are devices that are not up.
func (c *Collector) Collect(ctx context.Context) ([]power.Device, error) {
	leave, err := c.gate.Enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("NUT server %s: %w", c.client.address, err)
	}
	list, complete, err := c.client.read(ctx, c.names, leave)
	if err != nil {
		err = fmt.Errorf("NUT server %s: %w", c.client.address, err)
	}
	if !complete {
		list = append(list, c.missing(list)...)
	}
	names, known := make([]string, len(list)), make(map[string][]power.Device, len(list))
	var devices []power.Device
	for i, ups := range list {
		read := c.devices(ups)
		devices = append(devices, read...)
		names[i], known[ups.Name] = ups.Name, power.AllDown(read)
	}
	c.names, c.known = names, known
	return devices, err
}

// missing returns the UPSes that there were at the last reading, or that the
// configuration names, and of which the server had no time to say that they
// are still there.
func (c *Collector) missing(list []UPS) []UPS {
	var missing []UPS
	for _, name := range c.names {
		if !slices.ContainsFunc(list, func(u UPS) bool { return u.Name == name }) {
			missing = append(missing, UPS{Name: name, Err: errNotReached})
		}
	}
	return missing
}

// devices maps one UPS. One that could not be read is down, and is what it was
// when last heard of: only its readings are gone.
func (c *Collector) devices(ups UPS) []power.Device {
	if ups.Err == nil {
		return Devices(ups, c.natives)
	}
	if known, ok := c.known[ups.Name]; ok {
		return known
	}
	return []power.Device{{ID: ups.Name, Name: ups.Description}}
}
