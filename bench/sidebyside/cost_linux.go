package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"power_exporter/bench/figures"
	"power_exporter/bench/pdu"
)

const (
	// rounds is how many rounds of probes each exporter makes, in turns: what
	// else the machine does may spoil some, not the median.
	rounds = 5

	// warming is how many probes are made before the first that counts.
	warming = 10
)

// cost is what probing one server costs the machine that an exporter runs on.
type cost struct {
	server, name string
	probes       int           // that Prometheus makes for one reading
	readings     int           // in each round
	cpu          time.Duration // of one reading, in the median round
	memory       int64         // the most that was resident, in bytes
}

// costs measures each exporter in a process of its own.
func (b *bench) costs(ctx context.Context, readings int) ([]cost, error) {
	type candidate struct {
		cost
		start func(context.Context) (*process, error)
		read  func(context.Context, *process) error

		process *process
		spent   []time.Duration // by round
	}
	probe := func(target string) func(context.Context, *process) error {
		return func(ctx context.Context, p *process) error {
			_, err := p.probe(ctx, target)
			return err
		}
	}
	all := []*candidate{
		{cost: cost{server: onUPSD, name: exporter, probes: 1}, start: b.startExporter, read: probe(upsTarget)},
		{cost: cost{server: onPDU, name: exporter, probes: 1}, start: b.startExporter, read: probe(pduTarget)},
		{
			cost: cost{server: onPDU, name: jsonExporter, probes: len(pdu.Endpoints())}, start: b.startJSONExporter,
			read: func(ctx context.Context, p *process) error {
				_, err := p.probeAll(ctx, b.servers.pdu)
				return err
			},
		},
	}
	spend := func(c *candidate, readings int) (time.Duration, error) {
		before, err := cpuTime(c.process.cmd.Process.Pid)
		if err != nil {
			return 0, err
		}
		for range readings {
			if err := c.read(ctx, c.process); err != nil {
				return 0, fmt.Errorf("%s, %s: %w", c.server, c.name, err)
			}
		}
		after, err := cpuTime(c.process.cmd.Process.Pid)
		return (after - before) / time.Duration(readings), err
	}
	for _, c := range all {
		var err error
		if c.process, err = c.start(ctx); err != nil {
			return nil, err
		}
		defer c.process.stop()
		if _, err := spend(c, warming); err != nil {
			return nil, err
		}
	}
	for range rounds {
		for _, c := range all {
			spent, err := spend(c, readings)
			if err != nil {
				return nil, err
			}
			c.spent = append(c.spent, spent)
		}
	}
	var costs []cost
	for _, c := range all {
		slices.Sort(c.spent)
		memory, err := peakMemory(c.process.cmd.Process.Pid)
		if err != nil {
			return nil, err
		}
		c.cpu, c.memory, c.readings = figures.Quantile(c.spent, 0.5), memory, readings
		costs = append(costs, c.cost)
	}
	return costs, nil
}
