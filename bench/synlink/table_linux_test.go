package main

import (
	"strings"
	"testing"
	"time"

	"power_exporter/bench/figures"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	err := writeTable(&b, "`synlink` on Linux", []row{
		{20 * time.Millisecond, "probe", figures.Summary{
			Min: time.Millisecond, Median: 10 * time.Millisecond, P95: 19 * time.Millisecond,
			Requests: 7, Connections: 2, PacketsOut: 10, BytesOut: 80, PacketsIn: 12, BytesIn: 14000,
		}, 3},
		{20 * time.Millisecond, "frame", figures.Summary{BytesIn: 700}, 0},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "`synlink` on Linux.\n" + `
| RTT | what | requests | connections | packets out + in | bytes out + in | min ms | median ms | p95 ms |
|---:|---|---:|---:|---:|---:|---:|---:|---:|
| 20ms | probe | 7 | 2 | 10 + 12 | 80 + 14000 | 1.00 | 10.00 | 19.00 |
| 20ms | frame | 0 | 0 | 0 + 0 | 0 + 700 |  |  |  |

Bytes are TCP payload. Probes made again because the link was more than 1ms late: 3.
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
