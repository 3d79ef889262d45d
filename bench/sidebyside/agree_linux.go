package main

import (
	"context"
	"fmt"
)

// agree holds the readings of the PDU by both exporters against each other, and
// names what json_exporter lacks.
func (b *bench) agree(ctx context.Context) (lacked []string, err error) {
	ours, err := b.startExporter(ctx)
	if err != nil {
		return nil, err
	}
	defer ours.stop()
	theirs, err := b.startJSONExporter(ctx)
	if err != nil {
		return nil, err
	}
	defer theirs.stop()
	mine, err := ours.probe(ctx, pduTarget)
	if err != nil {
		return nil, err
	}
	text, err := theirs.probeAll(ctx, b.servers.pdu)
	if err != nil {
		return nil, err
	}
	return compare(mine, text)
}

// compare holds two texts of Prometheus' format against each other: each series
// of theirs must be one of ours, with the same labels as far as they have them
// and the same number. It names the families of ours that are not in theirs.
func compare(ours, theirs []byte) (lacked []string, err error) {
	left, err := parse(ours)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", exporter, err)
	}
	right, err := parse(theirs)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", jsonExporter, err)
	}
	return match(left, right)
}
