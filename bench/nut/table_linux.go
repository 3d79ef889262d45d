package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// describe is the line that says what was measured on what.
func describe(n int, server *upsd) (string, error) {
	kernel, err := procLine("/proc/sys/kernel/osrelease")
	if err != nil {
		return "", err
	}
	congestion, err := procLine("/proc/sys/net/ipv4/tcp_congestion_control")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("`go run ./bench/nut -n %d` on Linux %s (%s), %d CPUs, %s, %s, %d UPSes with %d variables together",
		n, kernel, congestion, runtime.NumCPU(), runtime.Version(), server.version, len(server.names), server.variables), nil
}

// procLine reads a file of one line.
func procLine(path string) (string, error) {
	text, err := os.ReadFile(path) //nolint:gosec // constants
	return string(bytes.TrimSpace(text)), err
}

// writeTable writes the description and the rows as Markdown.
func writeTable(out io.Writer, title string, rows []row) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s.\n\n", title)
	b.WriteString("| RTT | client | commands | packets out + in | bytes out + in | round trips | min ms | median ms | p95 ms |\n")
	b.WriteString("|---:|---|---:|---:|---:|---:|---:|---:|---:|\n")
	resent, repeated := 0, 0
	for _, r := range rows {
		fmt.Fprintf(&b, "| %v | %s | %d | %d + %d | %d + %d | %d | %s | %s | %s |\n",
			r.rtt, r.name, r.commands, r.packetsOut, r.packetsIn, r.bytesOut, r.bytesIn, r.roundTrips,
			milliseconds(r.min), milliseconds(r.median), milliseconds(r.p95))
		resent += r.resent
		repeated += r.repeated
	}
	fmt.Fprintf(&b, "\nBytes are TCP payload. Packets sent again in all readings: %d. "+
		"Readings made again because the link was more than %v late: %d.\n", resent, tolerance, repeated)
	_, err := out.Write(b.Bytes())
	return err
}

// milliseconds writes a duration to the hundredth of a millisecond.
func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}
