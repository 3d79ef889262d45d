package main

import (
	"context"

	"power_exporter/bench/pdu"
)

// What is read.
const (
	onUPSD = "upsd"
	onPDU  = "PDU"
)

// Who reads.
const (
	exporter     = "power_exporter"
	jsonExporter = "json_exporter"
)

// contender is one way to read a server.
type contender struct {
	server string
	name   string
	// floor is the name of the contender of the same server that does the least,
	// and budget how many times its time this one may take; 0 is not judged.
	floor  string
	budget float64
	// prepare brings it to where its reading begins. It is not measured; nil is
	// nothing to do.
	prepare func(context.Context) error
	read    func(context.Context) error
}

// Names of the floors.
const (
	floorFirst   = "bare client, first reading"
	floorFurther = "bare client, further reading"
)

// contenders are all ways that are measured: each reading is the first of a
// server, or it finds what the one before has left.
func (b *bench) contenders(further, first, theirs *process) (all []contender, hangUp func()) {
	ups := b.servers.ups.Addr
	upsFirst, upsFurther, upsKept := &bareUPS{addr: ups}, &bareUPS{addr: ups}, &bareUPS{addr: ups, keep: true}
	address, endpoints := b.servers.pdu.Host, len(pdu.Endpoints())
	pduFirst, pduFurther, pduAtOnce := newBarePDU(address, atATime), newBarePDU(address, atATime), newBarePDU(address, endpoints)
	probe := func(p *process, target string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := p.probe(ctx, target)
			return err
		}
	}
	all = []contender{
		{
			server: onUPSD, name: floorFirst,
			prepare: func(context.Context) error { return upsFirst.forget() }, read: upsFirst.read,
		},
		{server: onUPSD, name: exporter + ", first probe", floor: floorFirst, prepare: first.reload, read: probe(first, upsTarget)},
		{server: onUPSD, name: floorFurther, read: upsFurther.read},
		{server: onUPSD, name: exporter + ", further probe", floor: floorFurther, budget: timeBudget, read: probe(further, upsTarget)},
		{server: onUPSD, name: "impolite bare client, kept connection", floor: floorFurther, read: upsKept.read},
		{
			server: onPDU, name: floorFirst,
			prepare: func(context.Context) error { return pduFirst.hangUp() }, read: pduFirst.read,
		},
		{server: onPDU, name: exporter + ", first probe", floor: floorFirst, prepare: first.reload, read: probe(first, pduTarget)},
		{server: onPDU, name: floorFurther, read: pduFurther.read},
		{server: onPDU, name: exporter + ", further probe", floor: floorFurther, budget: timeBudget, read: probe(further, pduTarget)},
		{server: onPDU, name: jsonExporter + ", a probe for each endpoint", floor: floorFurther, read: func(ctx context.Context) error {
			_, err := theirs.probeAll(ctx, b.servers.pdu)
			return err
		}},
		{server: onPDU, name: "impolite bare client, all requests at once", floor: floorFurther, read: pduAtOnce.read},
	}
	return all, func() {
		for _, c := range []interface{ hangUp() error }{upsKept, pduFirst, pduFurther, pduAtOnce} {
			_ = c.hangUp() // the servers go as well
		}
	}
}
