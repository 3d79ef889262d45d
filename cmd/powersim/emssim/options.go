package emssim

import (
	"crypto/tls"
	"log/slog"
	"time"
)

// What the account of the zero Options has: the name and password of the
// document's example.
const (
	AdminName     = "admin"
	AdminPassword = "s3cret!"
)

// RoleAPI is the role that may log in to the API.
const RoleAPI = "API"

// tokenLife is how long a token lasts by the document.
const tokenLife = 30 * time.Minute

// defaultLimit is the number of records of a page where nothing is asked for.
const defaultLimit = 1000

// Options say how an EMS behaves. The zero Options are an EMS with one account,
// whose tokens live 30 minutes.
type Options struct {
	// Users may log in; nil is one account, see AdminName.
	Users []User
	// Paths are where the endpoints live.
	Paths Paths
	// TokenLife is how long a token lasts from its log-in; 0 is 30 minutes.
	// A token tells its end in whole seconds.
	TokenLife time.Duration
	// Now is the clock of the tokens and of the model's values; nil is
	// time.Now.
	Now func() time.Time
	// PageMax is the most records of a page, also where limit asks for more;
	// 0 is as many as limit says. (The document knows no such maximum.)
	PageMax int
	// Latency is waited before each answer, those of faults included, as a
	// slow link or a slow service has it.
	Latency time.Duration
	// Certificate is for HTTPS; nil is HTTP.
	Certificate *tls.Certificate
	// Logger gets one line a request at debug level; nil is silent.
	Logger *slog.Logger
}

// User is an account.
type User struct {
	Name     string
	Password string
	// Role must be RoleAPI for a log-in; another is refused with 403.
	Role string
}

// Paths are where the endpoints live; "" is where they are by default.
type Paths struct {
	Version      string // "/ver"
	Login        string // "/v1/auth/login"
	SerialNumber string // "/v1/sn"
	MAC          string // "/v1/mac"
	Devices      string // "/v1/devices", and below it one by its uid
	Loads        string // "/v1/loads", likewise
	Signals      string // "/v1/signals", likewise
	Realtime     string // "/v1/realtime", likewise
	History      string // "/v1/history", likewise
}

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.Users == nil {
		o.Users = []User{{Name: AdminName, Password: AdminPassword, Role: RoleAPI}}
	}
	if o.TokenLife == 0 {
		o.TokenLife = tokenLife
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
