package main

import (
	"context"
	"errors"

	"power_exporter/bench/upsd"
)

// bareUPS does the least that reads a NUT server: it asks for the names of the
// UPSes, so that it would notice a new one, and for their variables, in one
// write, and understands nothing but the names.
type bareUPS struct {
	addr  string
	keep  bool     // one connection for all readings, not one for each
	names []string // of the UPSes; nil are asked for first

	kept *upsd.Client // nil for none
}

// read asks for all UPSes.
func (b *bareUPS) read(ctx context.Context) error {
	if b.kept == nil {
		c, err := upsd.Dial(ctx, b.addr, true)
		if err != nil {
			return err
		}
		b.kept = c
	}
	err := b.list()
	if !b.keep {
		err = errors.Join(err, b.hangUp())
	}
	return err
}

// list asks over the connection.
func (b *bareUPS) list() (err error) {
	if b.names != nil {
		return b.kept.List(nil, append([]string{"UPS"}, upsd.Variables(b.names)...)...)
	}
	if b.names, err = b.kept.Names(); err != nil {
		return err
	}
	return b.kept.List(nil, upsd.Variables(b.names)...)
}

// hangUp closes a connection that is kept.
func (b *bareUPS) hangUp() error {
	if b.kept == nil {
		return nil
	}
	err := b.kept.Close()
	b.kept = nil
	return err
}

// forget forgets the names.
func (b *bareUPS) forget() error {
	b.names = nil
	return nil
}
