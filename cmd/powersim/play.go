package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"time"

	"power_exporter/cmd/powersim/simtest"
)

// play serves on an address until ctx ends, and tells the log what, with more
// about it. Live, if there is one, changes the readings meanwhile.
func play(ctx context.Context, log *slog.Logger, address string, server simtest.Server, live func(context.Context), about ...any) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	log.Info("listening", slices.Concat([]any{"address", listener.Addr().String()}, about)...)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if live != nil {
		ctx, cancel := context.WithCancel(ctx)
		lived := make(chan struct{})
		go func() {
			defer close(lived)
			live(ctx)
		}()
		defer func() { cancel(); <-lived }()
	}
	select {
	case err = <-served:
		return errors.Join(err, server.Close())
	case <-ctx.Done():
		return errors.Join(server.Close(), <-served)
	}
}

// every is what makes a thing live in steps, or nil if it shall not.
func every(live bool, step time.Duration, run func(context.Context, time.Duration)) func(context.Context) {
	if !live {
		return nil
	}
	return func(ctx context.Context) { run(ctx, step) }
}
