package main

import (
	"net/url"
	"time"

	"power_exporter/bench/pdu"
	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/collector"
	"power_exporter/collector/synlink"
)

// kind is one way to probe.
type kind struct {
	name   string
	token  bool
	stream bool
	warm   bool // the collector has made a probe before
}

// kinds are all ways that are measured.
func kinds() []kind {
	return []kind{
		{name: "token, first probe", token: true},
		{name: "token, further probe", token: true, warm: true},
		{name: "session, first probe"},
		{name: "session, further probe", warm: true},
		{name: "stream, probe", stream: true, warm: true},
	}
}

// source is the PDU with what is read of it by default.
func (k kind) source(base *url.URL) collector.Source {
	o := synlink.Options{
		Base:      base,
		Access:    synlink.Access{Name: "bench", Username: synlinksim.AdminName, Password: synlinksim.AdminPassword},
		Endpoints: pdu.Endpoints(),
		Stream:    k.stream,
		Window:    time.Minute,
	}
	if k.token {
		o.Access = synlink.Access{Name: "bench", Token: pdu.Token}
	}
	return collector.Source{
		Key: k.name, Device: base.Host, MaxConcurrency: 2,
		New: func(gate *collector.Gate) collector.Collector { return synlink.New(o, gate) },
	}
}
