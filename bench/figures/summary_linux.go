package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"power_exporter/bench/wire"
)

// Summary is what some readings needed. The counts are medians, except Resent.
type Summary struct {
	Min, Median, P95 time.Duration

	Requests    int // heads of HTTP requests, or lines where there are none
	Connections int
	RoundTrips  int // of all connections together

	PacketsOut, BytesOut int // to the server
	PacketsIn, BytesIn   int // from the server

	Resent int // packets sent again, in all readings together
}

// Summarise sums up one reading or more.
func Summarise(samples []Sample) Summary {
	times := Order(samples, func(s Sample) time.Duration { return s.Took })
	middle := func(of func(wire.Count) int) int {
		return Quantile(Order(samples, func(s Sample) int { return of(s.Count) }), 0.5)
	}
	sum := Summary{
		Min: times[0], Median: Quantile(times, 0.5), P95: Quantile(times, 0.95),
		Requests:    middle(func(c wire.Count) int { return cmp.Or(c.ToServer.Heads, c.ToServer.Lines) }),
		Connections: middle(func(c wire.Count) int { return c.SYNs }),
		RoundTrips:  middle(func(c wire.Count) int { return c.RoundTrips }),
		PacketsOut:  middle(func(c wire.Count) int { return c.ToServer.Packets }),
		BytesOut:    middle(func(c wire.Count) int { return c.ToServer.Bytes }),
		PacketsIn:   middle(func(c wire.Count) int { return c.ToClient.Packets }),
		BytesIn:     middle(func(c wire.Count) int { return c.ToClient.Bytes }),
	}
	for _, s := range samples {
		sum.Resent += s.Count.ToServer.Retransmitted + s.Count.ToClient.Retransmitted
	}
	return sum
}

// Order returns one number of each sample, the smallest first.
func Order[S any, T cmp.Ordered](samples []S, of func(S) T) []T {
	numbers := make([]T, 0, len(samples))
	for _, s := range samples {
		numbers = append(numbers, of(s))
	}
	slices.Sort(numbers)
	return numbers
}

// Quantile is the smallest number that at least q of all do not exceed.
func Quantile[T any](ordered []T, q float64) T {
	return ordered[max(0, int(math.Ceil(q*float64(len(ordered))))-1)]
}

// Milliseconds writes a duration to the hundredth of a millisecond; nothing
// where nothing took any time.
func Milliseconds(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}
