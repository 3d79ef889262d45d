package main

import (
	"cmp"
	"math"
	"slices"
	"time"

	"power_exporter/bench/wire"
)

// row is what one contender needed on one link. The counts are medians, except
// the last two.
type row struct {
	rtt  time.Duration
	name string

	min, median, p95 time.Duration

	commands, roundTrips int
	packetsOut, bytesOut int // to the server
	packetsIn, bytesIn   int // from the server
	resent               int // packets sent again, in all readings together
	repeated             int // readings made again because the link was late
}

// summarise makes the row of a contender.
func summarise(rtt time.Duration, name string, samples []sample) row {
	times := order(samples, func(s sample) time.Duration { return s.took })
	middle := func(of func(wire.Count) int) int {
		return quantile(order(samples, func(s sample) int { return of(s.count) }), 0.5)
	}
	r := row{
		rtt: rtt, name: name,
		min: times[0], median: quantile(times, 0.5), p95: quantile(times, 0.95),
		commands:   middle(func(c wire.Count) int { return c.ToServer.Lines }),
		roundTrips: middle(func(c wire.Count) int { return c.RoundTrips }),
		packetsOut: middle(func(c wire.Count) int { return c.ToServer.Packets }),
		bytesOut:   middle(func(c wire.Count) int { return c.ToServer.Bytes }),
		packetsIn:  middle(func(c wire.Count) int { return c.ToClient.Packets }),
		bytesIn:    middle(func(c wire.Count) int { return c.ToClient.Bytes }),
	}
	for _, s := range samples {
		r.resent += s.count.ToServer.Retransmitted + s.count.ToClient.Retransmitted
	}
	return r
}

// order returns one number of each sample, the smallest first.
func order[T cmp.Ordered](samples []sample, of func(sample) T) []T {
	numbers := make([]T, 0, len(samples))
	for _, s := range samples {
		numbers = append(numbers, of(s))
	}
	slices.Sort(numbers)
	return numbers
}

// quantile is the smallest number that at least q of all do not exceed.
func quantile[T any](ordered []T, q float64) T {
	return ordered[max(0, int(math.Ceil(q*float64(len(ordered))))-1)]
}
