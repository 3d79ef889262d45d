package main

import (
	"context"
	"fmt"

	"power_exporter/bench/upsd"
	"power_exporter/collector"
	"power_exporter/collector/nut"
)

// Reader reads all UPSes of the NUT server at addr (host:port) once.
type Reader func(ctx context.Context, addr string) error

// product makes a fresh NUT collector of the product, which has learned
// nothing. The second result lets its connections go.
func product() (Reader, func() error) {
	gate := collector.NewGate(1)
	var c *nut.Collector
	read := func(ctx context.Context, addr string) error {
		if c == nil {
			c = nut.New(nut.Options{Address: addr}, gate)
		}
		devices, err := c.Collect(ctx)
		if err == nil && len(devices) != upsd.Count {
			err = fmt.Errorf("%d devices, want %d", len(devices), upsd.Count)
		}
		return err
	}
	return read, func() error { return nil }
}
