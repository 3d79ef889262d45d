package main

import (
	"strings"
	"testing"
	"time"

	"power_exporter/bench/figures"
)

func TestWriteTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	err := writeTable(&b, "`nut` on Linux", []row{{
		rtt: 20 * time.Millisecond, name: "bare",
		Summary: figures.Summary{
			Min: 40123 * time.Microsecond, Median: 41 * time.Millisecond, P95: 42 * time.Millisecond,
			Requests: 5, RoundTrips: 2, PacketsOut: 10, BytesOut: 80, PacketsIn: 12, BytesIn: 14000, Resent: 1,
		},
		repeated: 3,
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := "`nut` on Linux.\n" + `
| RTT | client | commands | packets out + in | bytes out + in | round trips | min ms | median ms | p95 ms |
|---:|---|---:|---:|---:|---:|---:|---:|---:|
| 20ms | bare | 5 | 10 + 12 | 80 + 14000 | 2 | 40.12 | 41.00 | 42.00 |

Bytes are TCP payload. Packets sent again in all readings: 1. Readings made again because the link was more than 1ms late: 3.
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
