package powersentrixsim

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// PushOptions say where and how often a UPS pushes.
type PushOptions struct {
	// Server is the URL to push to, as "http://127.0.0.1:10493".
	Server string
	// BasePath is before setNewUps, setUpsData and setUpsLog; "" is /api.
	// The public portal's is /api/v1.
	BasePath string
	// CompanyID is the only credential; "" is SampleCompany.
	CompanyID string
	// Description is the upsDescription of setNewUps; "" leaves it out.
	Description string
	// Registered says that the UPS has booted before: it sends no setNewUps
	// until a factory reset.
	Registered bool
	// Period is the time between two setUpsData; 0 is 5 minutes.
	Period time.Duration
	// Timeout is how long an answer is waited for; 0 is 10 s.
	Timeout time.Duration
	// Retry is the time to the first repetition of a setNewUps or setUpsLog
	// that was not acknowledged, each further one waits twice as long, and
	// MaxRetry at most; 0 is 1 s and 5 minutes. (The document has no times.)
	Retry, MaxRetry time.Duration
	// Client sends the requests, and follows no redirect; nil is one of its
	// own that keeps connections.
	Client *http.Client
	// Logger gets a line where the server begins to refuse and where it
	// takes again; nil is silent.
	Logger *slog.Logger
}

// withDefaults fills in what is not given. The error is about Server.
func (o PushOptions) withDefaults() (PushOptions, error) {
	server, err := url.Parse(o.Server)
	if err != nil || server.Scheme != "http" && server.Scheme != "https" || server.Host == "" || server.RawQuery != "" {
		// What it is may have a password, or the companyId.
		return o, errors.New("the server to push to is no http or https URL with a host and without a query")
	}
	o.Server = strings.TrimSuffix(o.Server, "/")
	if o.BasePath == "" {
		o.BasePath = "/api"
	}
	if o.CompanyID == "" {
		o.CompanyID = SampleCompany
	}
	for _, d := range []struct {
		is        *time.Duration
		otherwise time.Duration
	}{
		{&o.Period, 5 * time.Minute}, {&o.Timeout, 10 * time.Second}, {&o.Retry, time.Second}, {&o.MaxRetry, 5 * time.Minute},
	} {
		if *d.is == 0 {
			*d.is = d.otherwise
		}
	}
	o.Client = client(o.Client)
	o.Logger = loggerOr(o.Logger)
	return o, nil
}

// client is a copy of a client that follows no redirect, or a new one.
func client(given *http.Client) *http.Client {
	if given == nil {
		given = &http.Client{Transport: &http.Transport{}}
	}
	c := *given
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}
