package synlinksim

import (
	"context"
	"maps"

	"power_exporter/cmd/powersim/simcount"
)

// Stats counts what a PDU has seen since it was made. Its Requests are by path
// alone, whatever the method; streams are answers with 101, and their frames are
// among BytesOut.
type Stats struct {
	simcount.Traffic
	Writes       map[string]int // by method and path, as "PUT /api/outlets/1": all but GET and log-ins, which a reader never sends
	Overloaded   int            // requests refused since there were MaxRequests already; they are in MaxInFlight, too
	Logins       int            // log-ins that gave a session
	FailedLogins int            // names and passwords refused, with basic authentication, too
	LockedOut    int            // log-ins refused for earlier failures; they are in FailedLogins, too
	Sessions     int            // sessions now, those that have ended by time but were not asked for included
	OpenSockets  int            // websockets open now
	Streams      int            // of those, how many have shown a session and get frames
	BadSockets   int            // websockets closed since they showed no session
	Frames       int            // frames sent
}

// newCounts starts from nothing.
func newCounts() *simcount.Counts[Stats] {
	return simcount.New(Stats{Traffic: simcount.NewTraffic(), Writes: map[string]int{}})
}

// Unshare gives a copy maps of its own.
func (st *Stats) Unshare() {
	st.Traffic.Unshare()
	st.Writes = maps.Clone(st.Writes)
}

// Stats is a copy of the counts so far.
func (p *PDU) Stats() Stats { return p.counts.Snapshot() }

// Wait returns when the counts are as wanted; the error is about ctx, which
// ended first.
func (p *PDU) Wait(ctx context.Context, wanted func(Stats) bool) error {
	return p.counts.Wait(ctx, wanted)
}
