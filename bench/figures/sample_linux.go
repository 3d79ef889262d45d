package figures

import (
	"context"
	"fmt"
	"time"

	"power_exporter/bench/wire"
)

const (
	// Settle is long enough for a delayed ACK (40 ms) and the end of a
	// connection, so that all packets of a reading are counted.
	Settle = 60 * time.Millisecond

	// Tolerance is how late the link may be in a reading that counts.
	Tolerance = time.Millisecond

	// Patience is how many readings may be made for each that counts.
	Patience = 10
)

// Sample is one reading.
type Sample struct {
	Took  time.Duration
	Count wire.Count
	Late  time.Duration // the most that the link was
}

// Once makes one reading, and waits until the link has been quiet for a pause.
// Without one the last ACKs of a reading count with the next.
func Once(ctx context.Context, link *wire.Link, pause time.Duration, read func(context.Context) error) (Sample, error) {
	link.Reset()
	start := time.Now()
	if err := read(ctx); err != nil {
		return Sample{}, err
	}
	took := time.Since(start)
	if pause > 0 {
		if err := link.Quiet(ctx, pause); err != nil {
			return Sample{}, err
		}
	}
	stats := link.Stats()
	if stats.Dropped > 0 {
		return Sample{}, fmt.Errorf("the link dropped %d packets", stats.Dropped)
	}
	return Sample{Took: took, Count: stats.Total(), Late: stats.Late}, nil
}

// TooBusy is the error of one who has lost patience after so many readings with
// a link that was late.
func TooBusy(late int) error {
	return fmt.Errorf("the link was more than %v late in %d readings: the machine is too busy", Tolerance, late)
}
