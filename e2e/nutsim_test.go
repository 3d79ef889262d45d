package e2e

import (
	"bufio"
	"io"
	"net"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
)

// startNUTSim starts a simulated NUT server with the given devices.
func startNUTSim(t *testing.T, options nutsim.Options, units ...ups) (server *nutsim.Server, address string) {
	t.Helper()
	var served []nutsim.UPS
	for _, unit := range units {
		device, err := nutsim.Device(unit.name)
		if err != nil {
			t.Fatal(err)
		}
		device.Description = unit.description
		served = append(served, device)
	}
	return nutsim.Start(t, options, served...)
}

// hold takes the only place for a client that a server with MaxClients: 1 has,
// so that whoever comes next waits until the returned function is called.
func hold(t *testing.T, address string) (release func()) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	// Only an answer shows that the place is taken.
	if _, err := io.WriteString(c, "VER\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(c).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return func() { _ = c.Close() }
}
