package powersentrixsim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"power_exporter/cmd/powersim/simtoken"
)

// Portal is the simulated PowerSentrix portal, which tells of UPSes. All its
// methods may be called at any time from any goroutine.
type Portal struct {
	*server
	options PortalOptions
	tokens  *simtoken.Issuer

	mu      sync.RWMutex
	entries []Entry
}

// Entry is a UPS as the portal knows it.
type Entry struct {
	// ID is the portal's own for the UPS, as "42".
	ID string
	// Name, Description, Location and Company are what people gave it.
	Name, Description, Location, Company string
	// Offline says that the portal lost it: its readings are the last ones.
	Offline bool
	// UPS is what it is.
	UPS *UPS

	place int // among the entries
}

// NewPortal is a portal that listens nowhere yet.
func NewPortal(options PortalOptions, entries ...Entry) *Portal {
	options = options.withDefaults()
	p := &Portal{options: options, tokens: simtoken.NewHS512()} // as the document's token
	p.SetEntries(entries...)
	p.server = newServer(options.Logger, options.Certificate, options.Latency, p.answer)
	return p
}

// SetEntries replaces the UPSes that the portal tells of.
func (p *Portal) SetEntries(entries ...Entry) {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].place = i
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.entries = entries
}

// ExpireTokens ends every token at once.
func (p *Portal) ExpireTokens() { p.tokens.Revoke() }

// answer says what the portal has to say. What it does not know is 404 to
// anybody; the document does not say so.
func (p *Portal) answer(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, p.options.BasePath)
	if !ok {
		path = ""
	}
	switch path {
	case "":
		refuse(w, http.StatusNotFound, "")
	case "/user/authenticate":
		if allow(w, r, http.MethodPost) {
			p.authenticate(w, r)
		}
	case "/ups/getUpsList":
		if p.mayRead(w, r) {
			p.list(w, r)
		}
	case "/ups/getUpsComplexObject":
		p.about(w, r, p.complexObject)
	case "/ups/getBasicInfo":
		p.about(w, r, p.basicInfo)
	case p.options.LogPath:
		p.about(w, r, p.eventList)
	case "/ups/changePortState", "/ups/restartPort":
		query := r.URL.Query()
		p.act(fmt.Sprintf("%s id=%q port=%q", strings.TrimPrefix(path, "/ups/"), query.Get("id"), query.Get("port")), r)
		p.about(w, r, p.initiated)
	default:
		refuse(w, http.StatusNotFound, "")
	}
}

// mayRead says whether somebody may read, and refuses others.
func (p *Portal) mayRead(w http.ResponseWriter, r *http.Request) bool {
	if !allow(w, r, http.MethodGet) {
		return false
	}
	if !p.authorized(r) {
		refuse(w, http.StatusUnauthorized, "Invalid authorization token")
		return false
	}
	return true
}

// about answers a question about one UPS.
func (p *Portal) about(w http.ResponseWriter, r *http.Request, tell func(http.ResponseWriter, *http.Request, Entry)) {
	if !p.mayRead(w, r) {
		return
	}
	if e, ok := p.find(r.URL.Query().Get("id")); ok {
		tell(w, r, e)
	} else {
		refuse(w, http.StatusNotFound, "")
	}
}

// find is the UPS with an id.
func (p *Portal) find(id string) (Entry, bool) {
	entries := p.known()
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, false
	}
	return entries[i], true
}

// known is the UPSes of now; the slice is never changed.
func (p *Portal) known() []Entry {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.entries
}

// complexObject answers with everything that a UPS says.
func (p *Portal) complexObject(w http.ResponseWriter, _ *http.Request, e Entry) {
	send(w, http.StatusOK, reply{"OK", e.UPS.Data()})
}

// initiated answers a request to act as if the UPS had taken it.
func (p *Portal) initiated(w http.ResponseWriter, _ *http.Request, _ Entry) {
	send(w, http.StatusOK, reply{"OK", info{1}})
}
