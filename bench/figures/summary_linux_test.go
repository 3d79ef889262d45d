package figures

import (
	"testing"
	"time"

	"power_exporter/bench/wire"
)

func TestSummarise(t *testing.T) {
	t.Parallel()
	var samples []Sample
	for i := 20; i > 0; i-- {
		samples = append(samples, Sample{
			Took: time.Duration(i) * time.Millisecond,
			Count: wire.Count{
				ToServer:   wire.Direction{Packets: i, Bytes: 80, Lines: 5},
				ToClient:   wire.Direction{Packets: 12, Bytes: 14000, Heads: 3, Retransmitted: i / 20},
				SYNs:       1,
				RoundTrips: 2,
			},
		})
	}
	got := Summarise(samples)
	want := Summary{
		Min: time.Millisecond, Median: 10 * time.Millisecond, P95: 19 * time.Millisecond,
		Requests: 5, Connections: 1, RoundTrips: 2, PacketsOut: 10, BytesOut: 80, PacketsIn: 12, BytesIn: 14000, Resent: 1,
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestRequestsOfHTTP(t *testing.T) {
	t.Parallel()
	got := Summarise([]Sample{{Count: wire.Count{ToServer: wire.Direction{Lines: 35, Heads: 7}}}})
	if want := (Summary{Requests: 7}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestQuantileOfOne(t *testing.T) {
	t.Parallel()
	if got := Quantile([]int{7}, 0.95); got != 7 {
		t.Errorf("p95 of one number = %d, want the number", got)
	}
}

func TestMilliseconds(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{0: "", 40126 * time.Microsecond: "40.13", 5 * time.Microsecond: "0.01"} {
		if got := Milliseconds(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}
