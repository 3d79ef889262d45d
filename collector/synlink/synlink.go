package synlink

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"

	"power_exporter/collector"
	"power_exporter/internal/rest"
	"power_exporter/internal/synlink"
	"power_exporter/power"
)

// Options say which PDU to read, and how.
type Options struct {
	// Base is the PDU's address.
	Base *url.URL
	// TLS is for a Base with https.
	TLS *tls.Config
	// Proxy is nil for none.
	Proxy func(*http.Request) (*url.URL, error)
	// FollowRedirects goes where the PDU points to, on the same host.
	FollowRedirects bool

	// Access is how the PDU knows who asks.
	Access Access

	// Endpoints are what is read, by the last part of their paths.
	Endpoints []string
	// Stream answers from the PDU's WebSocket while that sends. It takes a user
	// name and a password, since it is opened with a session.
	Stream bool
	// Window is over how long the highest and lowest readings of the stream
	// are kept.
	Window time.Duration

	dial func(ctx context.Context, network, address string) (net.Conn, error) // nil is TCP
}

// Collector reads one PDU.
type Collector struct {
	options Options
	client  *rest.Client
	access  *access

	info *synlink.Info // who the PDU last said it is; nil before
	down *power.Device // the PDU without its readings, as it was last seen; nil before

	// Where the stream is read.
	stream *stream // nil where it is not
	feed   *feed
	base   base
	silent bool // the last probe found the stream silent
}

// New is a collector that connects when it is first asked to. Its requests pass
// through the gate.
func New(o Options, gate *collector.Gate) *Collector {
	client := rest.New(rest.Options{
		Base: o.Base, TLS: o.TLS, Proxy: o.Proxy, FollowRedirects: o.FollowRedirects, Gate: gate, Dial: o.dial,
	})
	c := &Collector{options: o, client: client, access: newAccess(o.Access, client)}
	if o.Stream {
		c.feed = newFeed(o.Endpoints, o.Window)
		c.stream = newStream(client, gate, c.access.session, c.feed)
	}
	return c
}

// Close ends the stream and closes the connections that are kept.
func (c *Collector) Close() error {
	if c.stream != nil {
		c.stream.close()
	}
	c.client.Close()
	return nil
}

// Collect reads the PDU, which is one device. An endpoint that fails costs what
// it would have told, and nothing else.
func (c *Collector) Collect(ctx context.Context) ([]power.Device, error) {
	if c.stream != nil {
		return c.collectStream(ctx)
	}
	readings, err := c.readAll(ctx)
	return c.devices(readings.Device()), err
}

// empty is readings of which nothing was read.
func (c *Collector) empty() synlink.Readings {
	return synlink.Readings{Host: c.options.Base.Hostname(), Known: c.info}
}

// devices is the PDU as it was read. One that did not answer is down, if it is
// known at all.
func (c *Collector) devices(d power.Device) []power.Device {
	if d.Up {
		down := d.Down()
		c.down = &down
		return []power.Device{d}
	}
	if c.down != nil {
		return []power.Device{*c.down}
	}
	return nil
}
