package powersentrix_test

import (
	"net/url"
	"testing"

	"power_exporter/internal/receivertest"
	"power_exporter/receiver/powersentrix"
)

// The secrets of the companies. The one that the document's sample has in its
// settings is acme's.
const (
	acme  = "abc123"
	other = "hunter2"
)

// ok is the answer that a UPS wants.
const ok = `{"responseMessage":"OK"}`

// site is a receiver of what UPSes push.
type site struct{ *receivertest.Site }

// open opens a site on a folder.
func open(tb testing.TB, folder string, o powersentrix.Options) *site {
	tb.Helper()
	return &site{receivertest.Open(tb, folder, receivertest.Options{
		Name: powersentrix.Name, Vendor: o, Secrets: map[string]string{"acme": acme, "other": other}, OK: ok,
	})}
}

// push posts what a UPS of acme sends, which must be taken.
func (s *site) push(what, cmm, body string) {
	s.TB.Helper()
	s.Push(target(what, acme, cmm), body)
}

// target is where a UPS posts to.
func target(what, company, cmm string) string {
	return "/api/" + what + "?" + url.Values{"companyId": {company}, "cmm": {cmm}}.Encode()
}

// cases are the samples of what UPSes send.
const cases = "../../internal/powersentrix/testdata/"

// file is one of them.
func file(tb testing.TB, name string) string {
	tb.Helper()
	return receivertest.File(tb, cases+name)
}
