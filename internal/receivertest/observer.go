package receivertest

import (
	"time"

	"power_exporter/receiver"
)

// observer fails the test of a site.
type observer struct{ site *Site }

// PushStarted implements [receiver.Observer].
func (observer) PushStarted(string) {}

// PushDone implements [receiver.Observer].
func (o observer) PushDone(_ string, result receiver.Result, _ time.Duration) {
	if result == receiver.Failed || result == receiver.NotStored {
		o.site.TB.Errorf("the receiver failed, which is %q:\n%s", result, o.site.log.String())
	}
}

// PushPanicked implements [receiver.Observer].
func (o observer) PushPanicked(string) {
	o.site.TB.Errorf("a push panicked:\n%s", o.site.log.String())
}
