// Command powersim plays the power equipment that the exporter reads: for a
// demo, for trying the exporter without any equipment, and for load.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kingpin/v2"
	"golang.org/x/sync/errgroup"
)

// vendor plays the devices of one vendor until ctx ends; live says whether
// their readings change.
type vendor func(ctx context.Context, log *slog.Logger, live bool) error

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "powersim:", err)
		os.Exit(1)
	}
}

// run plays what the arguments say until ctx ends.
func run(ctx context.Context, args []string, stderr io.Writer) error {
	app := kingpin.New("powersim", "Plays power equipment: a NUT server, SynLink PDUs, a Carlo Gavazzi EMS, the CloudTrax cloud, PowerSentrix UPSes and their portal, and PowerPulse. Nothing that it serves is real.")
	app.HelpFlag.Short('h')
	live := app.Flag("live", "Let the readings drift, every few minutes one UPS go on battery, and now and then an outlet draw a surge.").Default("true").Bool()
	vendors := []vendor{
		nutVendor(app), synlinkVendor(app), emsVendor(app), cloudtraxVendor(app), powersentrixVendor(app), powerpulseVendor(app),
	}
	if _, err := app.Parse(args); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	group, ctx := errgroup.WithContext(ctx)
	for _, v := range vendors {
		group.Go(func() error { return v(ctx, log, *live) })
	}
	return group.Wait()
}
