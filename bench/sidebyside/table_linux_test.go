package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"power_exporter/bench/figures"
)

// found are findings with one budget that is kept and one that is not.
func found() *findings {
	of := func(server string, c contender, median time.Duration) row {
		c.server = server
		return row{budgetRTT, c, figures.Summary{
			Min: median - time.Millisecond, Median: median, P95: median + time.Millisecond,
			Requests: 7, Connections: 2, BytesOut: 100, BytesIn: 2000, Resent: 1,
		}, 3}
	}
	return &findings{
		rows: []row{
			of(onPDU, contender{name: "bare"}, 200*time.Millisecond),
			of(onPDU, contender{name: exporter + ", further", floor: "bare", budget: 1.1}, 230*time.Millisecond),
			of(onPDU, contender{name: jsonExporter, floor: "bare"}, 400*time.Millisecond),
			of(onUPSD, contender{name: "bare"}, 100*time.Millisecond),
			of(onUPSD, contender{name: exporter + ", first", floor: "bare"}, 150*time.Millisecond),
			of(onUPSD, contender{name: exporter + ", further", floor: "bare", budget: 1.1}, 110*time.Millisecond),
		},
		costs: []cost{
			{onUPSD, exporter, 1, 40, 1100 * time.Microsecond, 20e6},
			{onPDU, exporter, 1, 40, 1500 * time.Microsecond, 21e6},
			{onPDU, jsonExporter, 7, 40, 30 * time.Millisecond, 33.3e6},
		},
		lacked: []string{"power_device_up", "power_inlet_three_phase_balance_ratio"},
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	f := found()
	if err := write(&b, "`it` on Linux", f, judge(f.rows, f.costs)); err != nil {
		t.Fatal(err)
	}
	want := "`it` on Linux.\n" + `
| server | RTT | who | requests | connections | bytes out + in | min ms | median ms | p95 ms | × floor |
|---|---:|---|---:|---:|---:|---:|---:|---:|---:|
| upsd | 50ms | bare | 7 | 2 | 100 + 2000 | 99.00 | 100.00 | 101.00 | 1.00 |
| upsd | 50ms | power_exporter, first | 7 | 2 | 100 + 2000 | 149.00 | 150.00 | 151.00 | 1.50 |
| upsd | 50ms | power_exporter, further | 7 | 2 | 100 + 2000 | 109.00 | 110.00 | 111.00 | 1.10 |
| PDU | 50ms | bare | 7 | 2 | 100 + 2000 | 199.00 | 200.00 | 201.00 | 1.00 |
| PDU | 50ms | power_exporter, further | 7 | 2 | 100 + 2000 | 229.00 | 230.00 | 231.00 | 1.15 |
| PDU | 50ms | json_exporter | 7 | 2 | 100 + 2000 | 399.00 | 400.00 | 401.00 | 2.00 |

Bytes are TCP payload, and those of a median reading, as are requests (commands, for upsd) and connections. Packets sent again: 6. Readings made again because the link was more than 1ms late: 18.

| server | exporter | probes a reading | CPU ms a reading | peak memory MB |
|---|---|---:|---:|---:|
| upsd | power_exporter | 1 | 1.10 | 20.0 |
| PDU | power_exporter | 1 | 1.50 | 21.0 |
| PDU | json_exporter | 7 | 30.00 | 33.3 |

CPU time is that of the whole process, the median of 5 rounds of 40 readings.

The readings of the PDU are the same numbers by both exporters. json_exporter has none of: power_device_up, power_inlet_three_phase_balance_ratio.

- PDU with a round-trip time of 50ms, power_exporter, further: 1.15 × the floor, at most 1.10: FAIL
- upsd with a round-trip time of 50ms, power_exporter, first: 1.50 × the floor, without a budget
- upsd with a round-trip time of 50ms, power_exporter, further: 1.10 × the floor, at most 1.10: pass
- CPU time of a reading of the PDU, power_exporter: 0.05 × json_exporter's, at most 1.00: pass
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestJudgeOtherLinks(t *testing.T) {
	t.Parallel()
	f := found()
	for i := range f.rows {
		f.rows[i].rtt = 5 * time.Millisecond
	}
	f.costs[1].cpu = 31 * time.Millisecond
	verdicts := judge(f.rows, f.costs)
	if len(verdicts) != 1 || verdicts[0].kept() {
		t.Errorf("got %v, want that too much CPU time is used, and nothing else", verdicts)
	}
}

func TestHighWater(t *testing.T) {
	t.Parallel()
	got, err := highWater("Name:\tx\nVmPeak:\t  999 kB\nVmHWM:\t   12345 kB\nVmRSS:\t 1 kB\n")
	if err != nil || got != 12345<<10 {
		t.Errorf("got %d and %v, want 12345 kB", got, err)
	}
	if _, err := highWater("Name:\tx\n"); err == nil {
		t.Error("no error where there is none")
	}
}

func TestCPUTime(t *testing.T) {
	t.Parallel()
	before, err := cpuTime(os.Getpid())
	if err != nil || before <= 0 {
		t.Fatalf("got %v and %v", before, err)
	}
	if _, err := cpuTime(1 << 23); err == nil {
		t.Error("no error of a process that there is not")
	}
}
