package main

import (
	"bytes"
	"fmt"
	"io"

	"power_exporter/bench/figures"
	"power_exporter/bench/pdu"
)

// describe is the line that says what was measured on what.
func describe(n int) (string, error) {
	machine, err := figures.Machine()
	return fmt.Sprintf("`go run ./bench/synlink -n %d` on %s, simulated PDU `%s`, default endpoints", n, machine, pdu.Model), err
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
			r.rtt, r.name, r.Requests, r.Connections, r.PacketsOut, r.PacketsIn, r.BytesOut, r.BytesIn,
			figures.Milliseconds(r.Min), figures.Milliseconds(r.Median), figures.Milliseconds(r.P95))
		repeated += r.repeated
	}
	fmt.Fprintf(&b, "\nBytes are TCP payload. Probes made again because the link was more than %v late: %d.\n", figures.Tolerance, repeated)
	_, err := out.Write(b.Bytes())
	return err
}
