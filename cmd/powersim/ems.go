package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simlive"
)

// emsStep is how often an EMS reads its meters.
const emsStep = time.Second

// emsVendor adds the flags of the Carlo Gavazzi EMS and gives what plays it.
func emsVendor(app *kingpin.Application) vendor {
	address := app.Flag("ems.listen-address", "Where to play a Carlo Gavazzi EMS; empty for none.").Default("127.0.0.1:18090").String()
	user := app.Flag("ems.username", "Name of its API account.").Default("demo").String()
	password := app.Flag("ems.password", "Password of its API account.").Default("demo-password").String()
	signals := app.Flag("ems.signals", "How many signals it has more than its site, on meters of their own, for load.").Default("0").Int()
	return func(ctx context.Context, log *slog.Logger, live bool) error {
		if *address == "" {
			return nil
		}
		options := emssim.Options{
			Users:  []emssim.User{{Name: *user, Password: *password, Role: emssim.RoleAPI}},
			Logger: log,
		}
		model, err := emssim.Recorded("site")
		if err != nil {
			return fmt.Errorf("ems: %w", err)
		}
		ems := emssim.New(options, model.Enlarge(*signals))
		if err := play(ctx, log, *address, ems, func(ctx context.Context) { readMeters(ctx, ems, live) }, "what", "EMS", "signals", len(ems.Model().Signals)); err != nil {
			return fmt.Errorf("ems: %w", err)
		}
		return nil
	}
}

// readMeters gives an EMS new values every so often until ctx ends. Meters that
// do not live are read all the same: their values stay, and are of now.
func readMeters(ctx context.Context, ems *emssim.EMS, live bool) {
	if live {
		emssim.NewLive(ems, 1).Run(ctx, emsStep)
		return
	}
	simlive.Run(ctx, emsStep, ems.Refresh)
}
