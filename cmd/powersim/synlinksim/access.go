package synlinksim

import (
	"net/http"
	"slices"
	"strings"
)

// endpoint is what can be read.
type endpoint struct {
	reply      string // in Model.Replies
	permission string
}

// endpointOf is what a path reads.
func endpointOf(path string) (endpoint, bool) {
	name, ok := strings.CutPrefix(path, "/api/")
	if !ok {
		return endpoint{}, false
	}
	permission := permissionFor(name)
	return endpoint{name, permission}, permission != ""
}

// permissionFor is what a user needs to see a reply; "" is no reply at all.
// The document has the names of the permissions only; see User.Permissions.
func permissionFor(reply string) string {
	switch reply {
	case "device", "diagnostics":
		return "viewGlobalDeviceSettings"
	case "inlets":
		return "viewInletStats"
	case "banks", "kwhHist":
		return "viewBankStats"
	case "outlets":
		return "viewOutlets"
	case "groups":
		return "viewOutletGroups"
	case "sensors":
		return "viewPortInfo"
	case "events", "actions":
		return "viewEventActions"
	case "conf":
		return "viewNetworkSettings"
	}
	return ""
}

// may says whether a user has a permission.
func (u *User) may(permission string) bool {
	return u.Permissions == nil || slices.Contains(u.Permissions, permission)
}

// sees says whether a user may see an outlet.
func (u *User) sees(outlet string) bool {
	return u.may("viewOutlets") && (u.Outlets == nil || slices.Contains(u.Outlets, outlet))
}

// identify is who asks, or nil.
func (p *PDU) identify(r *http.Request) *User {
	if authorization := r.Header.Get("Authorization"); authorization != "" {
		scheme, credential, _ := strings.Cut(authorization, " ")
		if strings.EqualFold(scheme, "Bearer") {
			return p.sessions.bearer(strings.TrimSpace(credential))
		}
		name, password, ok := r.BasicAuth()
		if !ok || !p.options.BasicAuth {
			return nil
		}
		user, _ := p.sessions.check(name, password)
		return user
	}
	for _, cookie := range r.CookiesNamed("SPID") {
		if user := p.sessions.find(cookie.Value); user != nil {
			return user
		}
	}
	return nil
}
