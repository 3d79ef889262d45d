package powerpulsesim

import "power_exporter/cmd/powersim/simtest"

// Start plays a model on a free port of 127.0.0.1 until the test ends, and
// gives the server and its URL, without a slash at the end: https if Options
// has a certificate.
func Start(tb simtest.TB, options Options, model Model) (server *Server, url string) {
	tb.Helper()
	server = New(options, model)
	return server, server.URL(simtest.Start(tb, server))
}
