package synlink

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"power_exporter/receiver"
)

// Name is the name of the receiver, and of the [receiver.Kind] of its devices.
const Name = "synlink"

// path is where units post to.
const path = "/webhook/synlink"

// forgetAfter is long, since a unit whose owner has set up nothing but alarms
// posts when there is one, and a count that begins anew is an alarm that nobody
// sees.
const forgetAfter = 90 * 24 * time.Hour

// Options say how posts become devices. The zero Options are the defaults.
type Options struct {
	// ExpireAfter is how long after it was received a reading is exported;
	// receiver.DefaultExpireAfter if 0.
	ExpireAfter time.Duration
	// MaxDevices is how many units the owner of a token may have;
	// receiver.DefaultMaxDevices if 0.
	MaxDevices int
}

// Kind is what a store has to know of the units.
func (o Options) Kind() receiver.Kind {
	return receiver.Kind{Map: device, ExpireAfter: o.expireAfter(), ForgetAfter: forgetAfter, MaxDevices: o.MaxDevices}
}

// Endpoint accepts the posts of units that send one of the tokens. The store
// has to be configured with the Kind of the same Options under [Name].
func (o Options) Endpoint(store *receiver.Store, tokens *receiver.Senders) receiver.Endpoint {
	a := acceptor{store: store, expireAfter: o.expireAfter()}
	return receiver.Endpoint{Receiver: Name, Paths: []string{path}, Senders: tokens, Secret: token, Accept: a.accept}
}

func (o Options) expireAfter() time.Duration {
	return cmp.Or(max(o.ExpireAfter, 0), receiver.DefaultExpireAfter)
}

// token is the token of a request: that of the header "Authorization: Bearer",
// or else the parameter token of the URL. It is "" if it is not there, or more
// than once.
func token(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	if tokens := r.URL.Query()["token"]; len(tokens) == 1 {
		return tokens[0]
	}
	return ""
}
