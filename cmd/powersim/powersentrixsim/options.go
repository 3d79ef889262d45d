package powersentrixsim

import (
	"crypto/tls"
	"log/slog"
	"time"
)

// What opens the simulated devices where the Options say nothing: the values of
// the document's examples.
const (
	SampleAPIKey   = "mykey"
	SampleEmail    = "your@email.com"
	SamplePassword = "yourPassword"
	SampleCompany  = "abc123"
)

// Options say how a UPS behaves. The zero Options are a UPS whose API key is
// that of the document's example.
type Options struct {
	// APIKey opens /api_actions; "" is SampleAPIKey.
	APIKey string
	// Now is the clock of the event log; nil is time.Now.
	Now func() time.Time
	// Location is the time zone of that clock. Nil is central Europe where
	// the settings have the document's timezone, and UTC elsewhere.
	Location *time.Location
	// LogSize is how many records the event log holds, the oldest being lost
	// for the newest; 0 is 1000. (The document does not say how many there
	// can be.)
	LogSize int
	// Latency is how long an answer takes.
	Latency time.Duration
	// Certificate is for HTTPS; nil is HTTP.
	Certificate *tls.Certificate
	// Logger gets one line a request at debug level, and one at warning
	// level for a request to act; nil is silent.
	Logger *slog.Logger
}

// PortalOptions say how a portal behaves. The zero PortalOptions are a portal
// at /api/v1 whose only user is that of the document's examples.
type PortalOptions struct {
	// BasePath is before every path; "" is /api/v1, "/" is nothing.
	BasePath string
	// LogPath is where the event log is, below BasePath, as "/ups/getLog".
	// The document has lost its path, so "" is nowhere.
	LogPath string
	// Users may log in; nil is one, see SampleEmail.
	Users []User
	// TokenLife is how long a token opens the portal; 0 is a day. (The
	// document does not say how long it is.)
	TokenLife time.Duration
	// NumberIDs writes the ids of getUpsList as numbers instead of strings,
	// where they are numbers. The document shows neither.
	NumberIDs bool
	// Now is the portal's clock; nil is time.Now.
	Now func() time.Time
	// Latency is how long an answer takes.
	Latency time.Duration
	// Certificate is for HTTPS; nil is HTTP.
	Certificate *tls.Certificate
	// Logger gets one line a request at debug level, and one at warning
	// level for a request to act; nil is silent.
	Logger *slog.Logger
}

// User is somebody who may log in to the portal.
type User struct {
	Email    string
	Password string
	Name     string
	// Disabled refuses the right password with disabledLoginFromWeb.
	Disabled bool
}

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.APIKey == "" {
		o.APIKey = SampleAPIKey
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LogSize == 0 {
		o.LogSize = 1000
	}
	o.Logger = loggerOr(o.Logger)
	return o
}

// withDefaults fills in what is not given.
func (o PortalOptions) withDefaults() PortalOptions {
	switch o.BasePath {
	case "":
		o.BasePath = "/api/v1"
	case "/":
		o.BasePath = ""
	}
	if o.Users == nil {
		o.Users = []User{{Email: SampleEmail, Password: SamplePassword, Name: "Novak Jan"}}
	}
	if o.TokenLife == 0 {
		o.TokenLife = day
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Logger = loggerOr(o.Logger)
	return o
}

// loggerOr is the logger, or one that is silent.
func loggerOr(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
