package synlinksim

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"
)

// What an administrator of the zero Options has: the name and password, and
// the personal access token, of the document's examples.
const (
	AdminName     = "admin"
	AdminPassword = "admin"
	AdminToken    = "2bCDp4lqfKEFl8r6l4s" //nolint:gosec // the document prints it, and no device has it
)

// Options say how a PDU behaves. The zero Options are a PDU whose only user is
// the administrator of the document's examples, that logs in at both paths.
type Options struct {
	// Users may log in or have tokens; nil is one administrator, see
	// AdminName.
	Users []User
	// LoginPaths are where a log-in is answered; nil is both, "/login" of
	// the old firmware and "/api/login" of the new one.
	LoginPaths []string
	// SessionLife is how long a session lasts from its log-in; 0 is for
	// ever. (A device has webIdleTimeout in its configuration, of which the
	// document says no more than the name.)
	SessionLife time.Duration
	// Now is the clock of the sessions; nil is time.Now.
	Now func() time.Time
	// MaxSessions is how many sessions there may be; one log-in more is
	// refused with 403. 0 is no limit. (webMaxUsers in the configuration.)
	MaxSessions int
	// LockoutAfter is the number of failed log-ins in a row after which a
	// user name is refused with 403, right password or not. 0 never.
	LockoutAfter int
	// BasicAuth accepts a user's name and password with each request.
	BasicAuth bool
	// Denied is the status for a permission that the user lacks; 0 is 403.
	Denied int
	// MaxRequests is how many requests are answered at the same time; one
	// more gets 503 at once. 0 is no limit. Streams do not count.
	MaxRequests int
	// OverloadReset resets the connection of a request that is too many,
	// instead of 503.
	OverloadReset bool
	// StreamPeriod is the time between two frames of a stream; 0 is the
	// document's 2 s, and below 0 only Tick sends frames.
	StreamPeriod time.Duration
	// Certificate is for HTTPS; nil is HTTP.
	Certificate *tls.Certificate
	// Quirks are spellings that differ between firmwares.
	Quirks Quirks
	// Logger gets one line a request at debug level; nil is silent.
	Logger *slog.Logger
}

// User is somebody who may ask.
type User struct {
	Name string
	// Password is for log-ins; without one there are none.
	Password string
	// Tokens are personal access tokens.
	Tokens []string
	// Permissions are names of the role object that are true, as
	// "viewBankStats", and "viewOutlets"; nil is all. The document does not
	// say what each opens; here it is
	//	viewGlobalDeviceSettings  /api/device, /api/diagnostics
	//	viewInletStats            /api/inlets
	//	viewBankStats             /api/banks, /api/kwhHist
	//	viewOutlets               /api/outlets
	//	viewOutletGroups          /api/groups
	//	viewPortInfo              /api/sensors
	//	viewEventActions          /api/events, /api/actions
	//	viewNetworkSettings       /api/conf
	// and the same for the parts of a stream's frame, of which a part that
	// may not be seen is left out.
	Permissions []string
	// Outlets are the ids of the outlets that viewOutlets is for; nil is
	// all. Others are left out of /api/outlets, of the stream and of groups.
	Outlets []string
}

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.Users == nil {
		o.Users = []User{{Name: AdminName, Password: AdminPassword, Tokens: []string{AdminToken}}}
	}
	if o.LoginPaths == nil {
		o.LoginPaths = []string{"/login", "/api/login"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Denied == 0 {
		o.Denied = http.StatusForbidden
	}
	if o.StreamPeriod == 0 {
		o.StreamPeriod = 2 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
