package nutsim

import "power_exporter/cmd/powersim/simtest"

// Start serves the given UPSes on a free port of 127.0.0.1 until the test
// ends, and gives the server and its address.
func Start(tb simtest.TB, options Options, units ...UPS) (server *Server, address string) {
	tb.Helper()
	server = New(options, units...)
	return server, simtest.Start(tb, server)
}
