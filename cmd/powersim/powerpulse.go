package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"power_exporter/cmd/powersim/powerpulsesim"
)

// powerpulseStep is how often the readings of PowerPulse's UPSes change, which
// is about as often as NUT's drivers ask theirs.
const powerpulseStep = 5 * time.Second

// powerpulseVendor adds the flags of the PowerPulse server and gives what plays
// it.
func powerpulseVendor(app *kingpin.Application) vendor {
	address := app.Flag("powerpulse.listen-address", "Where to play a PowerPulse server; empty for none.").Default("127.0.0.1:18092").String()
	model := app.Flag("powerpulse.model", "What it shows, of "+strings.Join(powerpulsesim.Models(), ", ")+".").Default("running").String()
	user := app.Flag("powerpulse.username", "Name of its user.").Default("demo").String()
	password := app.Flag("powerpulse.password", "Password of its user.").Default("demo-password").String()
	return func(ctx context.Context, log *slog.Logger, live bool) error {
		if *address == "" {
			return nil
		}
		options := powerpulsesim.Options{
			Users:  []powerpulsesim.User{{Name: *user, Password: *password}},
			Logger: log,
		}
		recorded, err := powerpulsesim.Recorded(*model)
		if err != nil {
			return fmt.Errorf("powerpulse: %w", err)
		}
		server := powerpulsesim.New(options, recorded)
		if err := play(ctx, log, *address, server, every(live, powerpulseStep, powerpulsesim.NewLive(server, 1).Run), "what", "PowerPulse server", "model", *model); err != nil {
			return fmt.Errorf("powerpulse: %w", err)
		}
		return nil
	}
}
