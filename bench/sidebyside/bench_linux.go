package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"power_exporter/bench/pdu"
	"power_exporter/bench/upsd"
	"power_exporter/bench/wire"
)

// findings are all that was measured.
type findings struct {
	rows   []row
	costs  []cost
	upsd   string   // which it was
	lacked []string // series of the exporter that json_exporter cannot have
}

// servers are what is read at the far end of a link.
type servers struct {
	ups *upsd.Server
	pdu *url.URL
}

// overLink measures all contenders over one link, and on the one without delay
// what they cost this machine.
func (f *findings) overLink(ctx context.Context, rtt time.Duration, o options) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	link, err := wire.New(ctx, wire.Options{Delay: rtt / 2})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, link.Close()) }() //nolint:contextcheck // it must go even when ctx is done
	ups, err := upsd.Start(ctx, link, o.nut)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ups.Stop()) }()
	f.upsd = ups.Version
	base, stop, err := pdu.Start(ctx, link)
	if err != nil {
		return err
	}
	defer stop()
	dir, err := os.MkdirTemp("", "sidebyside")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	b := bench{link: link, servers: servers{ups, base}, programs: o.programs, dir: dir}
	if rtt == 0 {
		if f.lacked, err = b.agree(ctx); err != nil {
			return err
		}
		if f.costs, err = b.costs(ctx, o.probes); err != nil {
			return fmt.Errorf("measuring CPU time: %w", err)
		}
	}
	rows, err := b.race(ctx, o.readings)
	f.rows = append(f.rows, rows...)
	return err
}

// bench is what contenders need.
type bench struct {
	link     *wire.Link
	servers  servers
	programs programs
	dir      string // for files of this link
}
