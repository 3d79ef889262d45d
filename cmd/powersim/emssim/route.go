package emssim

import (
	"cmp"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// endpoint is what a request can be about.
type endpoint int

const (
	version endpoint = iota
	login
	serialNumber
	mac
	devices
	loads
	signals
	realtime
	history
)

// table is the endpoint of each path.
func (p Paths) table() map[string]endpoint {
	return map[string]endpoint{
		cmp.Or(p.Version, "/ver"):          version,
		cmp.Or(p.Login, "/v1/auth/login"):  login,
		cmp.Or(p.SerialNumber, "/v1/sn"):   serialNumber,
		cmp.Or(p.MAC, "/v1/mac"):           mac,
		cmp.Or(p.Devices, "/v1/devices"):   devices,
		cmp.Or(p.Loads, "/v1/loads"):       loads,
		cmp.Or(p.Signals, "/v1/signals"):   signals,
		cmp.Or(p.Realtime, "/v1/realtime"): realtime,
		cmp.Or(p.History, "/v1/history"):   history,
	}
}

// method is the only one that an endpoint knows.
func (e endpoint) method() string {
	if e == login {
		return http.MethodPost
	}
	return http.MethodGet
}

// isList says whether an endpoint has others below it, one for each uid.
func (e endpoint) isList() bool { return e >= devices }

// isPaged says whether an endpoint knows limit and page.
func (e endpoint) isPaged() bool { return e >= signals }

// hasProtocol says whether an endpoint knows the filter by protocol.
func (e endpoint) hasProtocol() bool { return e == devices || e == loads }

// route is what a path is about; uid is 0 where it names none.
func (s *EMS) route(at string) (e endpoint, uid int, ok bool) {
	if e, ok = s.paths[at]; ok {
		return e, 0, true
	}
	list, last := path.Split(at)
	e, ok = s.paths[strings.TrimSuffix(list, "/")]
	uid, err := strconv.Atoi(last)
	return e, uid, ok && err == nil && uid > 0 && e.isList()
}
