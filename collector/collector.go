// Package collector runs the reading of targets: what every vendor's collector
// is, and all that they need not care about themselves: deadlines, panics, two
// scrapes that ask for the same at once, caching, and how many requests a
// device can bear at a time.
package collector

import (
	"context"

	"power_exporter/power"
)

// Collector reads one target. It is kept from probe to probe, so that it can
// remember a session or the names of what it reads; it is never asked for two
// readings at once. One that holds something open between readings implements
// io.Closer as well.
type Collector interface {
	// Collect reads all devices of the target before ctx ends. What could be
	// read is returned even when err is not nil.
	Collect(ctx context.Context) ([]power.Device, error)
}
