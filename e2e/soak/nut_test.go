package soak

import (
	"fmt"
	"math/rand/v2"
	"net"

	"power_exporter/cmd/powersim/nutsim"
)

// newNUT makes a NUT server with up to three devices.
func newNUT(s *site, i int, module, auth string) *device {
	options := nutsim.Options{SmallWrites: i%2 == 0}
	if auth != "" {
		options.Users, options.RequireLogin = map[string]string{"soak": s.secret}, true
	}
	if module == "nut_tls" {
		options.Certificate = s.certificate
	}
	server := nutsim.New(options)
	recorded := []string{"epdu", "homelab", "onbattery", "rack3ph"}
	for n := range 1 + i%3 {
		unit, err := nutsim.Device(recorded[(i+n)%len(recorded)])
		if err != nil {
			s.t.Fatal(err)
		}
		server.Add(unit)
	}
	s.live(nutsim.NewLive(server, uint64(i)).Run)
	var rude *rudeListener
	address := s.serve(server, func(l net.Listener) net.Listener {
		rude = &rudeListener{Listener: l}
		return rude
	})
	d := &device{name: fmt.Sprintf("nut-%d", i)}
	d.line = fmt.Sprintf("{name: %s, address: %q, module: %s, labels: {site: soak}", d.name, address, module)
	if auth != "" {
		d.line += ", auth: " + auth
	}
	d.line += "}"
	d.trouble = oneOf(rude.trouble, func(r *rand.Rand) func() { return lose(s, server, r) })
	d.acted = func() []string {
		if stats := server.Stats(); stats.Refused > 0 || stats.Unknown > 0 {
			return []string{fmt.Sprint(stats.Commands)}
		}
		return nil
	}
	return d
}

// lose lets the driver of a device lose it, until end is called.
func lose(s *site, server *nutsim.Server, r *rand.Rand) (end func()) {
	names := server.Names()
	name := names[r.IntN(len(names))]
	set := func(state nutsim.State) {
		if err := server.SetState(name, state); err != nil {
			s.t.Error(err)
		}
	}
	set([]nutsim.State{nutsim.StateStale, nutsim.StateDisconnected}[r.IntN(2)])
	return func() { set(nutsim.StateOK) }
}
