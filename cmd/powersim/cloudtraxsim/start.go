package cloudtraxsim

import "power_exporter/cmd/powersim/simtest"

// Start plays networks on a free port of 127.0.0.1 until the test ends, and
// gives the cloud and its URL, without a slash at the end: https if Options has
// a certificate.
func Start(tb simtest.TB, options Options, networks ...Network) (cloud *Cloud, url string) {
	tb.Helper()
	cloud = New(options, networks...)
	return cloud, cloud.URL(simtest.Start(tb, cloud))
}
