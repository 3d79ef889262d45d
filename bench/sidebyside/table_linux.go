package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"power_exporter/bench/figures"
	"power_exporter/bench/pdu"
)

// describe is the line that says what was measured on what.
func (f *findings) describe(o options) (string, error) {
	machine, err := figures.Machine()
	return fmt.Sprintf("`make sidebyside READINGS=%d` on %s, %s, simulated PDU `%s`", o.readings, machine, f.upsd, pdu.Model), err
}

// write writes the description, the tables and the verdicts as Markdown.
func write(out io.Writer, title string, f *findings, verdicts []verdict) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s.\n\n", title)
	writeRows(&b, f.rows)
	writeCosts(&b, f.costs)
	fmt.Fprintf(&b, "\nThe readings of the %s are the same numbers by both exporters. %s has none of: %s.\n\n",
		onPDU, jsonExporter, strings.Join(f.lacked, ", "))
	for _, v := range verdicts {
		fmt.Fprintf(&b, "- %s\n", v)
	}
	_, err := out.Write(b.Bytes())
	return err
}

// writeRows writes what was measured on the links.
func writeRows(b *bytes.Buffer, rows []row) {
	b.WriteString("| server | RTT | who | requests | connections | bytes out + in | min ms | median ms | p95 ms | × floor |\n")
	b.WriteString("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|\n")
	repeated, resent := 0, 0
	for _, server := range []string{onUPSD, onPDU} {
		for _, r := range rows {
			if r.server != server {
				continue
			}
			fmt.Fprintf(b, "| %s | %v | %s | %d | %d | %d + %d | %s | %s | %s | %.2f |\n",
				r.server, r.rtt, r.name, r.Requests, r.Connections, r.BytesOut, r.BytesIn,
				figures.Milliseconds(r.Min), figures.Milliseconds(r.Median), figures.Milliseconds(r.P95), timesFloor(rows, r))
			repeated += r.repeated
			resent += r.Resent
		}
	}
	fmt.Fprintf(b, "\nBytes are TCP payload, and those of a median reading, as are requests (commands, for %s) and connections. "+
		"Packets sent again: %d. Readings made again because the link was more than %v late: %d.\n\n",
		onUPSD, resent, figures.Tolerance, repeated)
}

// writeCosts writes what was measured on this machine.
func writeCosts(b *bytes.Buffer, costs []cost) {
	b.WriteString("| server | exporter | probes a reading | CPU ms a reading | peak memory MB |\n|---|---|---:|---:|---:|\n")
	for _, c := range costs {
		fmt.Fprintf(b, "| %s | %s | %d | %s | %.1f |\n", c.server, c.name, c.probes, figures.Milliseconds(c.cpu), float64(c.memory)/1e6)
	}
	if len(costs) > 0 {
		fmt.Fprintf(b, "\nCPU time is that of the whole process, the median of %d rounds of %d readings.\n", rounds, costs[0].readings)
	}
}
