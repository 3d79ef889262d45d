package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"power_exporter/bench/fleet/large"
	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/cmd/powersim/simtest"
)

// sizes are 10, 100, 1,000 and 10,000, as far as the largest.
func sizes(largest int) []int {
	var all []int
	for n := 10; n <= largest; n *= 10 {
		all = append(all, n)
	}
	return all
}

// serve plays a device at an address until stop is called.
func serve(ctx context.Context, address string, device simtest.Server) (at *net.TCPAddr, stop func() error, err error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, nil, err
	}
	at, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return nil, nil, errors.Join(fmt.Errorf("%s is no TCP address", listener.Addr()), listener.Close())
	}
	served := make(chan error, 1)
	go func() { served <- device.Serve(listener) }()
	return at, func() error {
		err := device.Close()
		if ended := <-served; ended != nil && !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
		return err
	}, nil
}

// smallUPS plays one small UPS at all addresses of the loopback interface.
func smallUPS(ctx context.Context) (port int, stop func() error, err error) {
	units, err := large.SmallUPSes(1)
	if err != nil {
		return 0, nil, err
	}
	at, stop, err := serve(ctx, "0.0.0.0:0", nutsim.New(nutsim.Options{}, units...))
	if err != nil {
		return 0, nil, err
	}
	return at.Port, stop, nil
}

// targets is a configuration with so many targets, each with an address of its
// own where the small UPS answers.
func targets(n, port int) string {
	var text strings.Builder
	text.WriteString("targets:\n")
	for i := range n {
		fmt.Fprintf(&text, "  - {name: %s, address: '127.1.%d.%d:%d', module: nut, labels: {site: hq%d, rack: a%d}}\n", target(i), i/250, i%250+1, port, i%10, i)
	}
	return text.String()
}

// target is the name of a target, counted from 0.
func target(i int) string { return fmt.Sprintf("rack-%05d", i) }

// probe is the path of a probe of a target.
func probe(i int) string { return "/probe?target=" + target(i) }
