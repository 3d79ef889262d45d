package main

import (
	"context"
	"errors"

	"power_exporter/bench/upsd"
)

// connect connects and closes: what any client with a fresh connection pays.
func connect(ctx context.Context, addr string) error {
	c, err := upsd.Dial(ctx, addr, false)
	if err != nil {
		return err
	}
	return c.Close()
}

// readKnown asks for the lists of all subjects in one write on a connection of
// its own.
func readKnown(subjects []string, quick bool) Reader {
	return func(ctx context.Context, addr string) error {
		c, err := upsd.Dial(ctx, addr, quick)
		if err != nil {
			return err
		}
		return errors.Join(c.List(nil, subjects...), c.Close())
	}
}

// readLearning asks for the names first, on a connection of its own.
func readLearning(quick bool) Reader {
	return func(ctx context.Context, addr string) error {
		c, err := upsd.Dial(ctx, addr, quick)
		if err != nil {
			return err
		}
		names, err := c.Names()
		if err == nil {
			err = c.List(nil, upsd.Variables(names)...)
		}
		return errors.Join(err, c.Close())
	}
}

// keep connects once and asks for everything in one write at each reading.
func keep(names []string, quick bool) func(context.Context, string) (Reader, func() error, error) {
	subjects := upsd.Variables(names)
	return func(ctx context.Context, addr string) (Reader, func() error, error) {
		c, err := upsd.Dial(ctx, addr, quick)
		if err != nil {
			return nil, nil, err
		}
		read := func(context.Context, string) error { return c.List(nil, subjects...) }
		return read, c.Close, nil
	}
}
