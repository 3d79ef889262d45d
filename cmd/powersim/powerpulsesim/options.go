package powerpulsesim

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"
)

// What the only user of the zero Options has: the name and the password of the
// document's examples.
const (
	AdminName     = "admin"
	AdminPassword = "your_password"
)

// Options say how a server behaves. The zero Options are a PowerPulse 1.10.0
// whose only user is the administrator of the document's examples.
type Options struct {
	// Users may log in; nil is one administrator, see AdminName.
	Users []User
	// TokenLife is how long a token is good; 0 is the document's 24 h.
	TokenLife time.Duration
	// InvalidToken is the status for a token that is not ours; 0 is 401. An
	// earlier program said 403.
	InvalidToken int
	// Now is the clock of the tokens; nil is time.Now.
	Now func() time.Time
	// Paths are whose paths there are.
	Paths Paths
	// NoKiosk leaves the kiosk out, as a program before 1.10.0: its path is
	// then that of a UPS system which does not exist.
	NoKiosk bool
	// NoServers answers both lists with the 404 of a program to which nobody
	// has given a NUT server yet.
	NoServers bool
	// Latency is how long every answer takes.
	Latency time.Duration
	// Certificate is for HTTPS; nil is HTTP.
	Certificate *tls.Certificate
	// Logger gets one line a request at debug level; nil is silent.
	Logger *slog.Logger
}

// User is somebody who may log in.
type User struct {
	Name     string
	Password string
	Email    string // "" is none, a null
	Role     string // "admin" or "user"; "" is user
}

// Paths are a set of paths. The log-in is the same in all of them.
type Paths int

const (
	// Running is what version 1.10.0 serves: /api/ups/systems, and no
	// version.
	Running Paths = iota
	// Documented is what the document says: /api/ups-systems, and
	// /api/system/version.
	Documented
	// Both is everything.
	Both
)

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.Users == nil {
		o.Users = []User{{Name: AdminName, Password: AdminPassword, Email: "admin@example.com", Role: "admin"}}
	}
	if o.TokenLife == 0 {
		o.TokenLife = 24 * time.Hour
	}
	if o.InvalidToken == 0 {
		o.InvalidToken = http.StatusUnauthorized
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
