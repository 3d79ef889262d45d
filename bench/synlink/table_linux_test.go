package main

import (
	"strings"
	"testing"
	"time"

	"power_exporter/bench/wire"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var samples []sample
	for i := 20; i > 0; i-- {
		samples = append(samples, sample{
			took: time.Duration(i) * time.Millisecond, requests: 7,
			count: wire.Count{
				ToServer: wire.Direction{Packets: i, Bytes: 80},
				ToClient: wire.Direction{Packets: 12, Bytes: 14000},
				SYNs:     2,
			},
		})
	}
	var b strings.Builder
	err := writeTable(&b, "`synlink` on Linux", []row{
		summarise(20*time.Millisecond, "probe", samples, 3),
		summarise(20*time.Millisecond, "frame", []sample{{count: wire.Count{ToClient: wire.Direction{Bytes: 700}}}}, 0),
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
