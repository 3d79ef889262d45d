package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"power_exporter/cmd/powersim/nutsim"
)

// nutStep is how often the readings of NUT's devices change, which is about as
// often as a driver asks its device.
const nutStep = 5 * time.Second

// nutVendor adds the flags of the NUT server and gives what plays it.
func nutVendor(app *kingpin.Application) vendor {
	address := app.Flag("nut.listen-address", "Where to play a NUT server; empty for none. (A real one is on port 3493.)").Default("127.0.0.1:13493").String()
	cert := app.Flag("nut.starttls-cert", "PEM file with the certificate for STARTTLS; without it STARTTLS is refused.").String()
	key := app.Flag("nut.starttls-key", "PEM file with the key of that certificate.").String()
	units := app.Flag("nut.units", "How many more copies of the recorded devices to offer, for load.").Default("0").Int()
	return func(ctx context.Context, log *slog.Logger, live bool) error {
		if *address == "" {
			return nil
		}
		certificate, err := certificate(*cert, *key)
		if err != nil {
			return fmt.Errorf("nut: %w", err)
		}
		fleet, err := nutFleet(*units)
		if err != nil {
			return fmt.Errorf("nut: %w", err)
		}
		server := nutsim.New(nutsim.Options{Certificate: certificate, Logger: log}, fleet...)
		if err := play(ctx, log, *address, server, every(live, nutStep, nutsim.NewLive(server, 1).Run), "what", "NUT server", "units", len(server.Names())); err != nil {
			return fmt.Errorf("nut: %w", err)
		}
		return nil
	}
}

// nutFleet is every recorded device, and so many copies in turn, each with a
// name and a serial number of its own.
func nutFleet(copies int) ([]nutsim.UPS, error) {
	var fleet []nutsim.UPS
	for _, name := range nutsim.Devices() {
		u, err := nutsim.Device(name)
		if err != nil {
			return nil, err
		}
		u.Description = u.Variables["device.mfr"] + " " + u.Variables["device.model"]
		fleet = append(fleet, u)
	}
	recorded := len(fleet)
	for i := range copies {
		u, err := nutsim.Device(fleet[i%recorded].Name)
		if err != nil {
			return nil, err
		}
		u.Name = fmt.Sprintf("%s-%04d", u.Name, i+1)
		u.Description = fmt.Sprintf("copy %d", i+1)
		for _, serial := range []string{"device.serial", "ups.serial"} {
			u.Variables[serial] = fmt.Sprintf("%s-%04d", u.Variables[serial], i+1)
		}
		fleet = append(fleet, u)
	}
	return fleet, nil
}

// certificate reads a certificate and its key; without files there is none.
func certificate(cert, key string) (*tls.Certificate, error) {
	if cert == "" && key == "" {
		return nil, nil
	}
	c, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	return &c, nil
}
