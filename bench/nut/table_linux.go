package main

import (
	"bytes"
	"fmt"
	"io"

	"power_exporter/bench/figures"
	"power_exporter/bench/upsd"
)

// describe is the line that says what was measured on what.
func describe(n int, server *upsd.Server) (string, error) {
	machine, err := figures.Machine()
	return fmt.Sprintf("`go run ./bench/nut -n %d` on %s, %s, %d UPSes with %d variables together",
		n, machine, server.Version, len(server.Names), server.Variables), err
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
			r.rtt, r.name, r.Requests, r.PacketsOut, r.PacketsIn, r.BytesOut, r.BytesIn, r.RoundTrips,
			figures.Milliseconds(r.Min), figures.Milliseconds(r.Median), figures.Milliseconds(r.P95))
		resent += r.Resent
		repeated += r.repeated
	}
	fmt.Fprintf(&b, "\nBytes are TCP payload. Packets sent again in all readings: %d. "+
		"Readings made again because the link was more than %v late: %d.\n", resent, figures.Tolerance, repeated)
	_, err := out.Write(b.Bytes())
	return err
}
