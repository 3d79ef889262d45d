package synlink_test

import (
	"testing"

	"power_exporter/internal/receivertest"
	"power_exporter/receiver/synlink"
)

// The tokens, of which "bts" and "other" are the names.
const (
	bts   = "token-of-bts"
	other = "hunter2"
)

// ok is the answer to a post that was taken.
const ok = `{"message":"OK"}`

// site is a receiver of what units post.
type site struct{ *receivertest.Site }

// open opens a site on a folder.
func open(tb testing.TB, folder string, o synlink.Options) *site {
	tb.Helper()
	return &site{receivertest.Open(tb, folder, receivertest.Options{
		Name: synlink.Name, Vendor: o, Secrets: map[string]string{"bts": bts, "other": other}, OK: ok,
	})}
}

// push posts what a unit of bts sends, which must be taken.
func (s *site) push(body string) {
	s.TB.Helper()
	s.Push(target, body)
}

// target is where units of bts post to.
const target = "/webhook/synlink?token=" + bts

// cases are the samples of what units send.
const cases = "../../internal/synlink/testdata/cases/"

// file is one of them.
func file(tb testing.TB, name string) string {
	tb.Helper()
	return receivertest.File(tb, cases+name)
}
