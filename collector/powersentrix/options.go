package powersentrix

import (
	"crypto/tls"
	"net/http"
	"net/url"

	"power_exporter/internal/powersentrix"
)

// Options say what is read, and how.
type Options struct {
	// Base is the address of the UPS, or of the portal.
	Base *url.URL
	// TLS is for a Base with https.
	TLS *tls.Config
	// Proxy is nil for none.
	Proxy func(*http.Request) (*url.URL, error)
	// FollowRedirects goes where the server points to, on the same host only.
	FollowRedirects bool

	// AuthName is what the credentials are called in errors.
	AuthName string
	// APIKey is that of a user of the UPS.
	APIKey string
	// Username, an e-mail address, and Password are of an account of the portal.
	Username, Password string

	// Portal reads all UPSes of the account, instead of one directly.
	Portal bool
	// BasePath is where the portal has its API, such as /api/v1.
	BasePath string
	// LogPath is where the portal lists the events of a UPS, below BasePath; empty
	// to leave them out.
	LogPath string
	// Concurrency is how many UPSes of the portal are read at a time, as far as
	// the gate lets them through; 0 is two.
	Concurrency int

	// CurrentUnit is what currents are counted in.
	CurrentUnit powersentrix.CurrentUnit
	// Natives also exports the numbers for which the schema has no family.
	Natives bool
}

// mapping is how states become devices.
func (o Options) mapping() powersentrix.Options {
	return powersentrix.Options{CurrentUnit: o.CurrentUnit, Native: o.Natives}
}
