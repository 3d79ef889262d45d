package main

import (
	"context"
	"time"

	"power_exporter/bench/figures"
	"power_exporter/bench/upsd"
)

// scrapePause is longer than the retransmission timeout on these links. TCP then
// treats a kept connection as one that was idle, as between scrapes.
const scrapePause = 300 * time.Millisecond

// contender is one way to read the server.
type contender struct {
	name string

	// start prepares a reader; that is not measured. The second result ends it.
	start func(ctx context.Context, addr string) (Reader, func() error, error)

	each  bool          // a new reader for each measurement
	warm  int           // readings of a reader before the first that is measured
	pause time.Duration // how long the link is quiet after a reading; 0 is not at all
}

// contenders are all ways that are measured.
func contenders(names []string) []contender {
	all := []contender{
		{name: "fresh connection, nothing asked", start: stateless(connect), pause: figures.Settle},
		{name: "fresh connection, names known", start: stateless(readKnown(upsd.Variables(names), false)), pause: figures.Settle},
		{name: "fresh connection, names known, quick ACK", start: stateless(readKnown(upsd.Variables(names), true)), pause: figures.Settle},
		{name: "fresh connection, names known and listed, quick ACK", start: stateless(readKnown(append([]string{"UPS"}, upsd.Variables(names)...), true)), pause: figures.Settle},
		{name: "fresh connection, names learned", start: stateless(readLearning(false)), pause: figures.Settle},
		{name: "fresh connection, names learned, quick ACK", start: stateless(readLearning(true)), pause: figures.Settle},
		{name: "kept connection, scraped", start: keep(names, false), warm: 3, pause: scrapePause},
		{name: "kept connection, scraped, quick ACK", start: keep(names, true), warm: 3, pause: scrapePause},
		{name: "kept connection, back to back", start: keep(names, false), warm: 3},
		{name: "kept connection, back to back, quick ACK", start: keep(names, true), warm: 3},
	}
	start := func(context.Context, string) (Reader, func() error, error) {
		read, stop := product()
		return read, stop, nil
	}
	return append(all,
		contender{name: "**collector, first probe**", start: start, each: true, pause: figures.Settle},
		contender{name: "**collector, second probe**", start: start, each: true, warm: 1, pause: figures.Settle},
	)
}

// stateless starts a reader that keeps nothing.
func stateless(read Reader) func(context.Context, string) (Reader, func() error, error) {
	return func(context.Context, string) (Reader, func() error, error) {
		return read, func() error { return nil }, nil
	}
}
