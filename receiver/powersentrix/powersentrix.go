package powersentrix

import (
	"cmp"
	"net/http"
	"time"

	"power_exporter/internal/powersentrix"
	"power_exporter/receiver"
)

// Name is the name of the receiver, and of the [receiver.Kind] of its devices.
const Name = "powersentrix"

// Options say how pushes become devices. The zero Options are the defaults.
type Options struct {
	CurrentUnit powersentrix.CurrentUnit
	Native      bool // also the numbers for which the schema has no family
	// ExpireAfter is how long after it was received a reading is exported;
	// receiver.DefaultExpireAfter if 0.
	ExpireAfter time.Duration
	// MaxDevices is how many UPSes a company may have;
	// receiver.DefaultMaxDevices if 0.
	MaxDevices int
}

// Kind is what a store has to know of the UPSes.
func (o Options) Kind() receiver.Kind {
	return receiver.Kind{Map: o.device, ExpireAfter: o.expireAfter(), MaxDevices: o.MaxDevices}
}

// Endpoint accepts the pushes of the companies' UPSes. The secret of a company
// is its companyId. The store has to be configured with the Kind of the same
// Options under [Name].
func (o Options) Endpoint(store *receiver.Store, companies *receiver.Senders) receiver.Endpoint {
	a := acceptor{store: store, expireAfter: o.expireAfter()}
	return receiver.Endpoint{Receiver: Name, Paths: paths(), Senders: companies, Secret: companyID, Accept: a.accept}
}

func (o Options) expireAfter() time.Duration {
	return cmp.Or(max(o.ExpireAfter, 0), receiver.DefaultExpireAfter)
}

// paths are where UPSes push to: below the Server URL that is set in them, or
// below /api/v1, the public portal's base.
func paths() []string {
	var all []string
	for _, base := range []string{"/api/", "/api/v1/"} {
		for _, what := range []string{setNewUPS, setUPSData, setUPSLog} {
			all = append(all, base+what)
		}
	}
	return all
}

// companyID is the parameter companyId of a request, "" if it is not there
// exactly once.
func companyID(r *http.Request) string {
	if ids := r.URL.Query()["companyId"]; len(ids) == 1 {
		return ids[0]
	}
	return ""
}
