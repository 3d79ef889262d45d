package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"power_exporter/cmd/powersim/cloudtraxsim"
)

// cloudtraxStep is how often it is looked which power strips are to check in.
const cloudtraxStep = time.Second

// cloudtraxVendor adds the flags of the CloudTrax cloud and gives what plays it.
func cloudtraxVendor(app *kingpin.Application) vendor {
	address := app.Flag("cloudtrax.listen-address", fmt.Sprintf("Where to play the CloudTrax cloud, with network %d of four power strips; empty for none.", cloudtraxsim.OfficeID)).Default("127.0.0.1:18091").String()
	key := app.Flag("cloudtrax.key", "API key that may ask it.").Default(cloudtraxsim.DemoKey).String()
	secret := app.Flag("cloudtrax.secret", "Secret of that key.").Default(cloudtraxsim.DemoSecret).String()
	strips := app.Flag("cloudtrax.strips", fmt.Sprintf("How many more power strips to offer, in network %d, for load.", cloudtraxsim.LargeID)).Default("0").Int()
	return func(ctx context.Context, log *slog.Logger, live bool) error {
		if *address == "" {
			return nil
		}
		options := cloudtraxsim.Options{
			Keys:   []cloudtraxsim.Key{{Key: *key, Secret: *secret}},
			Logger: log,
		}
		networks := []cloudtraxsim.Network{cloudtraxsim.Office()}
		if *strips > 0 {
			networks = append(networks, cloudtraxsim.Large(*strips))
		}
		cloud := cloudtraxsim.New(options, networks...)
		if err := play(ctx, log, *address, cloud, every(live, cloudtraxStep, cloudtraxsim.NewLive(cloud, 1).Run), "what", "CloudTrax cloud"); err != nil {
			return fmt.Errorf("cloudtrax: %w", err)
		}
		return nil
	}
}
