package powerpulsesim

import (
	"context"

	"power_exporter/cmd/powersim/simcount"
)

// Stats counts what a server has seen since it was made.
type Stats struct {
	simcount.Traffic
	Logins       int // log-ins that gave a token
	FailedLogins int // names and passwords refused
}

// Stats is a copy of the counts so far.
func (s *Server) Stats() Stats { return s.counts.Snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (s *Server) Wait(ctx context.Context, wanted func(Stats) bool) error {
	return s.counts.Wait(ctx, wanted)
}
