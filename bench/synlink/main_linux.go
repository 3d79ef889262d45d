package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"power_exporter/bench/figures"
	"power_exporter/bench/pdu"
	"power_exporter/bench/wire"
)

func main() {
	n := flag.Int("n", 50, "how often to measure each kind of probe")
	serve := flag.String("serve", "", "address at which to play the PDU instead; for this program's own use")
	flag.Parse()

	figures.Main("synlink", func(ctx context.Context) error {
		if *serve != "" {
			return pdu.Play(ctx, *serve)
		}
		return run(ctx, os.Stdout, *n)
	})
}

// run measures on both links and writes the table.
func run(ctx context.Context, out io.Writer, n int) error {
	if n < 1 {
		return fmt.Errorf("-n is %d, want at least 1", n)
	}
	title, err := describe(n)
	if err != nil {
		return err
	}
	var rows []row
	for _, delay := range []time.Duration{0, 10 * time.Millisecond} {
		measured, err := overLink(ctx, delay, n)
		if err != nil {
			return fmt.Errorf("with a round-trip time of %v: %w", 2*delay, err)
		}
		rows = append(rows, measured...)
	}
	return writeTable(out, title, rows)
}

// overLink measures all kinds of probes over one link.
func overLink(ctx context.Context, delay time.Duration, n int) (rows []row, err error) {
	link, err := wire.New(ctx, wire.Options{Delay: delay})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, link.Close()) }() //nolint:contextcheck // it must go even when ctx is done
	base, stop, err := pdu.Start(ctx, link)
	if err != nil {
		return nil, err
	}
	defer stop()
	for _, k := range kinds() {
		r, err := measure(ctx, link, base, k, n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.name, err)
		}
		rows = append(rows, r)
	}
	frame, err := measureFrames(ctx, link, base)
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	return append(rows, frame), nil
}
