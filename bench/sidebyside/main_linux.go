package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"power_exporter/bench/figures"
	"power_exporter/bench/pdu"
)

// roundTrips are the round-trip times of the links. The budgets hold for the
// longest.
var roundTrips = [...]time.Duration{0, 5 * time.Millisecond, budgetRTT}

// options are the command line.
type options struct {
	readings int // of each client on each link
	probes   int // in each round of those whose CPU time is measured
	programs programs
	nut      string
	check    bool
}

func main() {
	var o options
	flag.IntVar(&o.readings, "n", 50, "how often to measure each client on each link")
	flag.IntVar(&o.probes, "probes", 100, fmt.Sprintf("how many probes there are in each of %d rounds that measure CPU time", rounds))
	flag.StringVar(&o.programs.exporter, "exporter", "./power_exporter", "the exporter")
	flag.StringVar(&o.programs.jsonExporter, "json-exporter", ".tools/json_exporter", "json_exporter")
	flag.StringVar(&o.nut, "nut", "/lib/nut", "folder of upsd and dummy-ups")
	flag.BoolVar(&o.check, "check", false, "fail where a budget is not kept")
	serve := flag.String("serve", "", "address at which to play the PDU instead; for this program's own use")
	flag.Parse()

	figures.Main("sidebyside", func(ctx context.Context) error {
		if *serve != "" {
			return pdu.Play(ctx, *serve)
		}
		return run(ctx, os.Stdout, o)
	})
}

// run measures on all links and writes what was found.
func run(ctx context.Context, out io.Writer, o options) error {
	if o.readings < 1 || o.probes < 1 {
		return fmt.Errorf("-n is %d and -probes is %d, want at least 1", o.readings, o.probes)
	}
	var f findings
	for _, rtt := range roundTrips {
		if err := f.overLink(ctx, rtt, o); err != nil {
			return fmt.Errorf("with a round-trip time of %v: %w", rtt, err)
		}
	}
	title, err := f.describe(o)
	if err != nil {
		return err
	}
	verdicts := judge(f.rows, f.costs)
	if err := write(out, title, &f, verdicts); err != nil {
		return err
	}
	var failed []string
	for _, v := range verdicts {
		if !v.kept() {
			failed = append(failed, v.what)
		}
	}
	if o.check && len(failed) > 0 {
		return errors.New("over budget: " + strings.Join(failed, ", "))
	}
	return nil
}
