package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
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
		if err := playNUT(ctx, log, server, *address, live); err != nil {
			return fmt.Errorf("nut: %w", err)
		}
		return nil
	}
}

// playNUT serves until ctx ends.
func playNUT(ctx context.Context, log *slog.Logger, server *nutsim.Server, address string, live bool) error {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	log.Info("NUT server is listening", "address", listener.Addr().String(), "units", len(server.Names()), "live", live)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if live {
		ctx, cancel := context.WithCancel(ctx)
		lived := make(chan struct{})
		go func() {
			defer close(lived)
			nutsim.NewLive(server, 1).Run(ctx, nutStep)
		}()
		defer func() { cancel(); <-lived }()
	}
	select {
	case err = <-served:
		return errors.Join(err, server.Close())
	case <-ctx.Done():
		return errors.Join(server.Close(), <-served)
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
