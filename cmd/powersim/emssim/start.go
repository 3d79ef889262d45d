package emssim

import "power_exporter/cmd/powersim/simtest"

// Start plays a model on a free port of 127.0.0.1 until the test ends, and
// gives the EMS and its URL, without a slash at the end: https if Options has a
// certificate.
func Start(tb simtest.TB, options Options, model Model) (ems *EMS, url string) {
	tb.Helper()
	ems = New(options, model)
	return ems, ems.URL(simtest.Start(tb, ems))
}
