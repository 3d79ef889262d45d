package main

import (
	"context"
	"errors"
	"strings"
	"time"
)

// connect connects and closes: what any client with a fresh connection pays.
func connect(ctx context.Context, addr string) error {
	c, err := dial(ctx, addr, false)
	if err != nil {
		return err
	}
	return c.conn.Close()
}

// readKnown asks for the lists of all subjects in one write on a connection of
// its own.
func readKnown(subjects []string, quick bool) Reader {
	return func(ctx context.Context, addr string) error {
		c, err := dial(ctx, addr, quick)
		if err != nil {
			return err
		}
		return errors.Join(c.list(nil, subjects...), c.conn.Close())
	}
}

// readLearning asks for the names first, on a connection of its own.
func readLearning(quick bool) Reader {
	return func(ctx context.Context, addr string) error {
		c, err := dial(ctx, addr, quick)
		if err != nil {
			return err
		}
		names, err := c.names()
		if err == nil {
			err = c.list(nil, variables(names)...)
		}
		return errors.Join(err, c.conn.Close())
	}
}

// names asks for the names of the server's UPSes.
func (c *client) names() ([]string, error) {
	var names []string
	err := c.list(func(line string) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "UPS" {
			names = append(names, fields[1])
		}
	}, "UPS")
	return names, err
}

// keep connects once and asks for everything in one write at each reading.
func keep(names []string, quick bool) func(context.Context, string) (Reader, func() error, error) {
	subjects := variables(names)
	return func(ctx context.Context, addr string) (Reader, func() error, error) {
		c, err := dial(ctx, addr, quick)
		if err != nil {
			return nil, nil, err
		}
		read := func(context.Context, string) error {
			if err := c.conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				return err
			}
			return c.list(nil, subjects...)
		}
		return read, c.conn.Close, nil
	}
}
