package powersentrixsim

import (
	"context"

	"power_exporter/cmd/powersim/simcount"
)

// Stats counts what a UPS or a portal was asked since it was made.
type Stats struct {
	simcount.Traffic
	Logins       int   // log-ins that gave a token
	FailedLogins int   // log-ins refused
	BytesIn      int64 // bodies as their headers announce them
}

// Stats is a copy of the counts so far.
func (s *server) Stats() Stats { return s.counts.Snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (s *server) Wait(ctx context.Context, wanted func(Stats) bool) error {
	return s.counts.Wait(ctx, wanted)
}
