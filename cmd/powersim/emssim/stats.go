package emssim

import (
	"context"

	"power_exporter/cmd/powersim/simcount"
)

// Stats counts what an EMS has seen since it was made.
type Stats struct {
	simcount.Traffic
	Logins        int // log-ins that gave a token
	FailedLogins  int // log-ins refused for a name, a password or a role
	BadTokens     int // requests refused since they showed no token, or one that was never given
	ExpiredTokens int // requests refused since their token has ended
}

// Stats is a copy of the counts so far.
func (s *EMS) Stats() Stats { return s.counts.Snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (s *EMS) Wait(ctx context.Context, wanted func(Stats) bool) error {
	return s.counts.Wait(ctx, wanted)
}
