package cloudtraxsim

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

// The key and the secret that the zero Options accept.
const (
	DemoKey    = "demo-key"
	DemoSecret = "demo-secret"
)

// Options say how a cloud behaves. The zero Options are a cloud whose clock is
// right, with one key that is for every network, and no limits.
type Options struct {
	// Keys may ask; nil is DemoKey.
	Keys []Key
	// Now is the clock of whoever runs the cloud; nil is time.Now.
	Now func() time.Time
	// ClockOffset is how far the cloud's clock is ahead of Now. All that it
	// tells of the time is by its own clock, the Date header included.
	ClockOffset time.Duration
	// Unauthorized is the status for a request that is not signed as it
	// should be; 0 is 401.
	Unauthorized int
	// RateLimit is how often a key may ask.
	RateLimit RateLimit
	// Latency is waited before each answer, as on a long way. While it waits
	// a request counts as one that is being answered.
	Latency time.Duration
	// Certificate is for HTTPS; nil is HTTP.
	Certificate *tls.Certificate
	// Logger gets one line a request at debug level, and a warning for each
	// that would act; nil is silent. It gets no key and no signature.
	Logger *slog.Logger
}

// Key is a pair that signs requests.
type Key struct {
	Key, Secret string
	// Networks are the ids of those that it is for; nil is all, as with an
	// account's key.
	Networks []int64
}

// RateLimit is how many requests a key may send before it gets 429 with
// Retry-After. Requests without a known key have a limit of their own together.
// The zero RateLimit does not limit.
type RateLimit struct {
	// Requests is how many are answered in a window; 0 is all.
	Requests int
	// Window begins with its first request; 0 is one minute.
	Window time.Duration
	// Date writes Retry-After as an HTTP date instead of seconds.
	Date bool
}

// allows says whether the key is for a network.
func (k Key) allows(network int64) bool {
	return k.Networks == nil || slices.Contains(k.Networks, network)
}

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.Keys == nil {
		o.Keys = []Key{{Key: DemoKey, Secret: DemoSecret}}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Unauthorized == 0 {
		o.Unauthorized = http.StatusUnauthorized
	}
	if o.RateLimit.Window == 0 {
		o.RateLimit.Window = time.Minute
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
