package main

import (
	"testing"
	"time"

	"power_exporter/bench/wire"
)

func TestSummarise(t *testing.T) {
	t.Parallel()
	var samples []sample
	for i := 20; i > 0; i-- {
		samples = append(samples, sample{
			took: time.Duration(i) * time.Millisecond,
			count: wire.Count{
				ToServer:   wire.Direction{Packets: i, Bytes: 80, Lines: 5},
				ToClient:   wire.Direction{Packets: 12, Bytes: 14000, Retransmitted: i / 20},
				RoundTrips: 2,
			},
		})
	}
	got := summarise(20*time.Millisecond, "bare", samples)
	want := row{
		rtt: 20 * time.Millisecond, name: "bare",
		min: time.Millisecond, median: 10 * time.Millisecond, p95: 19 * time.Millisecond,
		commands: 5, roundTrips: 2, packetsOut: 10, bytesOut: 80, packetsIn: 12, bytesIn: 14000, resent: 1,
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestQuantileOfOne(t *testing.T) {
	t.Parallel()
	if got := quantile([]int{7}, 0.95); got != 7 {
		t.Errorf("p95 of one number = %d, want the number", got)
	}
}
