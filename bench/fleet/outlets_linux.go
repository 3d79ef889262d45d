package main

import (
	"context"
	"errors"
	"fmt"

	"power_exporter/bench/fleet/large"
	"power_exporter/cmd/powersim/synlinksim"
)

// measureOutlets measures what the outlets of a PDU cost.
func measureOutlets(ctx context.Context, s settings) (report, error) {
	r := report{
		title:   "Outlets of a SynLink PDU. CPU is the exporter's, of a whole probe: requests, decoding, mapping, text, compression.",
		columns: []string{"outlets", "probes", "answer kB", "CPU of a probe ms", "CPU of an outlet µs", "RSS MB"},
	}
	var each []float64
	for _, n := range sizes(s.largest) {
		row, ofOutlet, err := ofOutlets(ctx, s, n)
		if err != nil {
			return r, err
		}
		r.rows, each = append(r.rows, row), append(each, ofOutlet)
	}
	if n := len(each); n > 1 {
		// With few outlets a probe is mostly its requests.
		r.budgets = append(r.budgets, budget{"CPU of an outlet of the largest PDU, compared with that of one with 100", each[n-1] / each[1], 1.5, "times"})
	}
	return r, nil
}

// ofOutlets measures probes of a PDU with so many outlets.
func ofOutlets(ctx context.Context, s settings, n int) (row []string, ofOutlet float64, err error) {
	model, err := large.SynLink(n)
	if err != nil {
		return nil, 0, err
	}
	at, stop, err := serve(ctx, "127.0.0.1:0", synlinksim.New(synlinksim.Options{}, model))
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	e, err := start(ctx, s, fmt.Sprintf(`auths: {pdu: {token: %s}}
targets: [{name: pdu, address: 'http://%s', module: synlink, auth: pdu}]
`, synlinksim.AdminToken, at))
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, e.stop()) }()
	const path = "/probe?target=pdu"
	size, err := e.get(ctx, path)
	if err != nil {
		return nil, 0, err
	}
	probes := max(20, 20_000/n)
	l, err := e.inTurn(ctx, probes, path) // those at the same time would share a reading
	if err != nil {
		return nil, 0, err
	}
	resident, err := e.resident()
	ofOutlet = each(l) * 1e3 / float64(n)
	return []string{
		count(n), count(probes), fmt.Sprintf("%.1f", float64(size)/1e3), fmt.Sprintf("%.2f", each(l)), fmt.Sprintf("%.1f", ofOutlet), fmt.Sprintf("%.0f", resident),
	}, ofOutlet, err
}
