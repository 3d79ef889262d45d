package pdu

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"

	"power_exporter/bench/wire"
	"power_exporter/cmd/powersim/synlinksim"
)

// Model is the recorded PDU that is played, and Outlets how many outlets it has.
const (
	Model   = "rack36"
	Outlets = 36
)

// Token is its administrator's, which the vendor's document prints.
const Token = synlinksim.AdminToken

// Endpoints are what is read of it by default, by the last part of their paths.
func Endpoints() []string {
	return []string{"device", "inlets", "banks", "outlets", "sensors", "groups", "events"}
}

// Play plays the PDU until ctx ends, and says "ready" on the standard output once
// it can be asked.
func Play(ctx context.Context, address string) error {
	pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded(Model))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(os.Stdout, "ready\n"); err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- pdu.Serve(listener) }()
	<-ctx.Done()
	return errors.Join(pdu.Close(), <-served)
}

// Start plays the PDU at the server's side of the link. It is played by this very
// program, started with -serve and the address, which must then call Play.
func Start(ctx context.Context, link *wire.Link) (base *url.URL, stop func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	address := netip.AddrPortFrom(link.ServerAddr(), 80).String()
	cmd := link.Command(ctx, wire.Server, program, "-serve", address)
	cmd.Stderr = os.Stderr
	said, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, nil, fmt.Errorf("starting the PDU: %w", err)
	}
	stop = func() {
		cancel()
		_ = cmd.Wait() // killed, as it was meant to be
	}
	if _, err := bufio.NewReader(said).ReadString('\n'); err != nil {
		stop()
		return nil, nil, fmt.Errorf("waiting for the PDU: %w", err)
	}
	return &url.URL{Scheme: "http", Host: address}, stop, nil
}
