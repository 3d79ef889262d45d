package synlinksim

import "power_exporter/cmd/powersim/simtest"

// Start plays a model on a free port of 127.0.0.1 until the test ends, and
// gives the PDU and its URL, without a slash at the end: https if Options has a
// certificate.
func Start(tb simtest.TB, options Options, model Model) (pdu *PDU, url string) {
	tb.Helper()
	pdu = New(options, model)
	return pdu, pdu.URL(simtest.Start(tb, pdu))
}
