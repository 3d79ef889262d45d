package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"golang.org/x/sync/errgroup"

	"power_exporter/cmd/powersim/synlinksim"
)

// synlinkStep is how often the readings of SynLink PDUs change: twice as often
// as they are streamed, so that a surge of 2 s is in one frame at least.
const synlinkStep = time.Second

// synlinkVendor adds the flags of the SynLink PDUs and gives what plays them.
func synlinkVendor(app *kingpin.Application) vendor {
	address := app.Flag("synlink.listen-address", "Where to play SynLink PDUs, the first here and each other one port above; empty for none.").Default("127.0.0.1:18080").String()
	models := app.Flag("synlink.models", "Which PDUs to play, of "+strings.Join(synlinksim.Models(), ", ")+".").Default("rack36,ats,iohub").String()
	token := app.Flag("synlink.token", "Personal access token of their user.").Default("demo-token").String()
	user := app.Flag("synlink.username", "Name of their user.").Default("demo").String()
	password := app.Flag("synlink.password", "Password of their user.").Default("demo-password").String()
	return func(ctx context.Context, log *slog.Logger, live bool) error {
		if *address == "" {
			return nil
		}
		options := synlinksim.Options{
			Users:  []synlinksim.User{{Name: *user, Password: *password, Tokens: []string{*token}}},
			Logger: log,
		}
		group, ctx := errgroup.WithContext(ctx)
		for i, name := range strings.Split(*models, ",") {
			group.Go(func() error { return playSynLink(ctx, log, options, name, *address, i, live) })
		}
		if err := group.Wait(); err != nil {
			return fmt.Errorf("synlink: %w", err)
		}
		return nil
	}
}

// playSynLink serves one PDU until ctx ends, so many ports above the address.
func playSynLink(ctx context.Context, log *slog.Logger, options synlinksim.Options, name, address string, above int, live bool) error {
	model, err := synlinksim.Recorded(name)
	if err != nil {
		return err
	}
	address, err = portAbove(address, above)
	if err != nil {
		return err
	}
	pdu := synlinksim.New(options, model)
	life := synlinksim.NewLive(pdu, uint64(above)+1) //nolint:gosec // it is not negative
	return play(ctx, log, address, pdu, every(live, synlinkStep, life.Run), "what", "SynLink PDU", "model", name)
}

// portAbove is an address with another port; port 0 is any, and stays.
func portAbove(address string, above int) (string, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return "", fmt.Errorf("address %s: the port is no number", address)
	}
	if port != 0 {
		port += uint64(above) //nolint:gosec // it is not negative
	}
	return net.JoinHostPort(host, strconv.FormatUint(port, 10)), nil
}
