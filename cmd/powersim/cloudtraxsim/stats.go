package cloudtraxsim

import (
	"context"
	"maps"

	"power_exporter/cmd/powersim/simcount"
)

// Stats counts what a cloud has seen since it was made.
type Stats struct {
	simcount.Traffic
	Refused map[int]int // by code of the error, as 13003; those of faults are not among them
}

// Unshare gives a copy maps of its own.
func (st *Stats) Unshare() {
	st.Traffic.Unshare()
	st.Refused = maps.Clone(st.Refused)
}

// Stats is a copy of the counts so far.
func (c *Cloud) Stats() Stats { return c.counts.Snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (c *Cloud) Wait(ctx context.Context, wanted func(Stats) bool) error {
	return c.counts.Wait(ctx, wanted)
}
