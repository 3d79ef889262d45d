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
	"power_exporter/bench/upsd"
	"power_exporter/bench/wire"
)

func main() {
	n := flag.Int("n", 50, "how often to measure each client")
	nut := flag.String("nut", "/lib/nut", "folder of upsd and dummy-ups")
	flag.Parse()

	figures.Main("nut", func(ctx context.Context) error { return run(ctx, os.Stdout, *n, *nut) })
}

// run measures on both links and writes the table.
func run(ctx context.Context, out io.Writer, n int, nut string) error {
	if n < 1 {
		return fmt.Errorf("-n is %d, want at least 1", n)
	}
	var rows []row
	var title string
	for _, delay := range []time.Duration{0, 10 * time.Millisecond} {
		measured, seen, err := overLink(ctx, delay, n, nut)
		if err != nil {
			return fmt.Errorf("with a round-trip time of %v: %w", 2*delay, err)
		}
		rows, title = append(rows, measured...), seen
	}
	return writeTable(out, title, rows)
}

// overLink measures all contenders over one link, and returns what they were
// measured on.
func overLink(ctx context.Context, delay time.Duration, n int, nut string) (rows []row, title string, err error) {
	link, err := wire.New(ctx, wire.Options{Delay: delay})
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, link.Close()) }() //nolint:contextcheck // it must go even when ctx is done
	server, err := upsd.Start(ctx, link, nut)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()

	title, err = describe(n, server)
	if err != nil {
		return nil, "", err
	}
	for _, c := range contenders(server.Names) {
		r, err := measure(ctx, link, server.Addr, c, n)
		if err != nil {
			return nil, "", fmt.Errorf("%s: %w", c.name, err)
		}
		rows = append(rows, r)
	}
	return rows, title, nil
}
