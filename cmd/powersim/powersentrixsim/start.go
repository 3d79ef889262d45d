package powersentrixsim

import "power_exporter/cmd/powersim/simtest"

// StartUPS plays a model on a free port of 127.0.0.1 until the test ends, and
// gives the UPS and its URL, without a slash at the end: https if Options has a
// certificate.
func StartUPS(tb simtest.TB, options Options, model Model) (ups *UPS, url string) {
	tb.Helper()
	ups = NewUPS(options, model)
	return ups, ups.URL(simtest.Start(tb, ups))
}

// StartPortal plays a portal on a free port of 127.0.0.1 until the test ends,
// and gives it and its URL, without a slash and without the base path at the
// end: https if the options have a certificate.
func StartPortal(tb simtest.TB, options PortalOptions, entries ...Entry) (portal *Portal, url string) {
	tb.Helper()
	portal = NewPortal(options, entries...)
	return portal, portal.URL(simtest.Start(tb, portal))
}
