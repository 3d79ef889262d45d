package powersentrixsim

import (
	"context"
	"maps"

	"power_exporter/cmd/powersim/simcount"
)

// PushStats counts what a Pusher or a Fleet has sent. The keys of Sent and
// Acknowledged are "setNewUps", "setUpsData" and "setUpsLog".
type PushStats struct {
	Sent         map[string]int // requests, repetitions and those without an answer included
	Acknowledged map[string]int // requests acknowledged
	Repeated     int            // of the setNewUps and setUpsLog that were sent, those that had been sent before
	// Failed are the requests that were not acknowledged: by status, as
	// "401", "not OK" for another answer with 200, "timeout", "connection".
	Failed map[string]int
	// Skipped is how many setUpsData were due while their UPS was still at
	// the one before, and were never sent.
	Skipped     int
	InFlight    int     // requests that wait for their answer now
	MaxInFlight int     // the most that waited at the same time
	BytesOut    int64   // bodies
	Latency     Latency // of the requests that were acknowledged
}

// newPushStats counts from nothing.
func newPushStats() *simcount.Counts[PushStats] {
	return simcount.New(PushStats{Sent: map[string]int{}, Acknowledged: map[string]int{}, Failed: map[string]int{}})
}

// Unshare gives a copy maps of its own.
func (st *PushStats) Unshare() {
	st.Sent = maps.Clone(st.Sent)
	st.Acknowledged = maps.Clone(st.Acknowledged)
	st.Failed = maps.Clone(st.Failed)
}

// Stats is a copy of the counts so far.
func (p *Pusher) Stats() PushStats { return p.counts.Snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (p *Pusher) Wait(ctx context.Context, wanted func(PushStats) bool) error {
	return p.counts.Wait(ctx, wanted)
}
