package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"power_exporter/bench/wire"
)

// row is what one kind of probe needed on one link. The counts are medians.
type row struct {
	rtt  time.Duration
	name string

	min, median, p95      time.Duration // zero where there was no probe
	requests, connections int
	packetsOut, bytesOut  int // to the PDU
	packetsIn, bytesIn    int // from the PDU
	repeated              int // probes made again because the link was late
}

// summarise makes the row of a kind.
func summarise(rtt time.Duration, name string, samples []sample, repeated int) row {
	times := order(samples, func(s sample) time.Duration { return s.took })
	middle := func(of func(wire.Count) int) int {
		return quantile(order(samples, func(s sample) int { return of(s.count) }), 0.5)
	}
	return row{
		rtt: rtt, name: name,
		min: times[0], median: quantile(times, 0.5), p95: quantile(times, 0.95),
		requests:    quantile(order(samples, func(s sample) int { return s.requests }), 0.5),
		connections: middle(func(c wire.Count) int { return c.SYNs }),
		packetsOut:  middle(func(c wire.Count) int { return c.ToServer.Packets }),
		bytesOut:    middle(func(c wire.Count) int { return c.ToServer.Bytes }),
		packetsIn:   middle(func(c wire.Count) int { return c.ToClient.Packets }),
		bytesIn:     middle(func(c wire.Count) int { return c.ToClient.Bytes }),
		repeated:    repeated,
	}
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

// describe is the line that says what was measured on what.
func describe(n int) (string, error) {
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("`go run ./bench/synlink -n %d` on Linux %s, %d CPUs, %s, simulated PDU `rack36`, default endpoints",
		n, bytes.TrimSpace(kernel), runtime.NumCPU(), runtime.Version()), nil
}

// writeTable writes the description and the rows as Markdown.
func writeTable(out io.Writer, title string, rows []row) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s.\n\n", title)
	b.WriteString("| RTT | what | requests | connections | packets out + in | bytes out + in | min ms | median ms | p95 ms |\n")
	b.WriteString("|---:|---|---:|---:|---:|---:|---:|---:|---:|\n")
	repeated := 0
	for _, r := range rows {
		fmt.Fprintf(&b, "| %v | %s | %d | %d | %d + %d | %d + %d | %s | %s | %s |\n",
			r.rtt, r.name, r.requests, r.connections, r.packetsOut, r.packetsIn, r.bytesOut, r.bytesIn,
			milliseconds(r.min), milliseconds(r.median), milliseconds(r.p95))
		repeated += r.repeated
	}
	fmt.Fprintf(&b, "\nBytes are TCP payload. Probes made again because the link was more than %v late: %d.\n", tolerance, repeated)
	_, err := out.Write(b.Bytes())
	return err
}

// milliseconds writes a duration to the hundredth of a millisecond; nothing
// where nothing took any time.
func milliseconds(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}
