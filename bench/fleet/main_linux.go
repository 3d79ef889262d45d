package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"power_exporter/bench/figures"
)

// settings are what the flags say.
type settings struct {
	exporter string
	check    bool
	only     string
	largest  int
	rate     int
	lasting  time.Duration
	idle     time.Duration
}

func main() {
	var s settings
	flag.StringVar(&s.exporter, "exporter", "./power_exporter", "the built exporter")
	flag.BoolVar(&s.check, "check", false, "exit with 1 when a budget is exceeded")
	flag.StringVar(&s.only, "only", "", "measure this alone: targets, outlets, rate, pushes or encoding")
	flag.IntVar(&s.largest, "largest", 10_000, "the largest number of targets, outlets and devices that push")
	flag.IntVar(&s.rate, "rate", 1_000, "probes per second")
	flag.DurationVar(&s.lasting, "lasting", 20*time.Second, "how long to probe at that rate")
	flag.DurationVar(&s.idle, "idle", 3*time.Minute, "how long the exporter may take at most to give memory back")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// run measures everything and writes the tables.
func run(ctx context.Context, out io.Writer, s settings) error {
	machine, err := figures.Machine()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s.\n", machine)
	var exceeded []error
	for _, part := range []struct {
		name    string
		measure func(context.Context, settings) (report, error)
	}{
		{"encoding", measureEncoding}, {"outlets", measureOutlets}, {"targets", measureTargets}, {"rate", measureRate}, {"pushes", measurePushes},
	} {
		if s.only != "" && s.only != part.name {
			continue
		}
		r, err := part.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("measuring %s: %w", part.name, err)
		}
		r.write(out)
		for _, b := range r.budgets {
			if !b.kept() {
				exceeded = append(exceeded, errors.New(strings.TrimSpace(b.String())))
			}
		}
	}
	if s.check {
		return errors.Join(exceeded...)
	}
	return nil
}
