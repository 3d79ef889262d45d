package synlinksim

import (
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"power_exporter/cmd/powersim/simcount"
	"power_exporter/cmd/powersim/simfault"
	"power_exporter/cmd/powersim/simserver"
)

// exchange is one request and its answer.
type exchange struct {
	pdu *PDU
	w   http.ResponseWriter
	r   *http.Request
}

// admit is a handler that counts each request and its answer, and refuses a
// request where there are too many.
func (p *PDU) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		overloaded := false
		p.counts.Add(func(st *Stats) {
			st.Begin(r.URL.Path)
			if writes(r) {
				st.Writes[r.Method+" "+r.URL.Path]++
			}
			if n := p.options.MaxRequests; n > 0 && st.InFlight > n {
				overloaded = true
				st.Overloaded++
			}
		})
		answer := simcount.NewAnswer(w, p.counts)
		defer answer.Release()
		switch {
		case !overloaded:
			next.ServeHTTP(answer, r)
		case p.options.OverloadReset:
			simfault.Reset(answer)
		default:
			refuse(answer, http.StatusServiceUnavailable)
		}
	})
}

// answer says what the PDU has to say to a request that reaches it.
func (p *PDU) answer(w http.ResponseWriter, r *http.Request) {
	x, at := &exchange{pdu: p, w: w, r: r}, r.URL.Path
	e, readable := endpointOf(at)
	if readable {
		p.mu.RLock()
		_, readable = p.replies[e.reply]
		p.mu.RUnlock()
	}
	writable := changing(at)
	switch {
	case slices.Contains(p.options.LoginPaths, at):
		x.logIn()
	case at == "/ws" && r.Method == http.MethodGet:
		x.stream(r.Context())
	case !readable && len(writable) == 0 && at != "/ws":
		x.refuse(http.StatusNotFound)
	case readable && r.Method == http.MethodGet:
		x.read(e)
	case slices.Contains(writable, r.Method):
		x.refuseWrite()
	default:
		if readable || at == "/ws" {
			writable = append([]string{http.MethodGet}, writable...)
		}
		w.Header().Set("Allow", strings.Join(writable, ", "))
		x.refuse(http.StatusMethodNotAllowed)
	}
}

// read answers what an endpoint tells the user who asks.
func (x *exchange) read(e endpoint) {
	user := x.pdu.identify(x.r)
	switch {
	case user == nil:
		x.unauthorized()
	case !user.may(e.permission):
		x.refuse(x.pdu.options.Denied)
	default:
		send(x.w, http.StatusOK, x.pdu.reply(e.reply, user))
	}
}

// refuseWrite answers a request that would change something, after the checks
// that the PDU makes first.
func (x *exchange) refuseWrite() {
	if x.pdu.identify(x.r) == nil {
		x.unauthorized()
		return
	}
	x.refuse(http.StatusForbidden)
}

// unauthorized answers who does not say who it is.
func (x *exchange) unauthorized() {
	if x.pdu.options.BasicAuth {
		x.w.Header().Set("WWW-Authenticate", `Basic realm="SynLink"`)
	}
	x.refuse(http.StatusUnauthorized)
}

// refuse answers with a status that is no success.
func (x *exchange) refuse(status int) { refuse(x.w, status) }

// refuse answers with a status that is no success. The document shows no body
// of one.
func refuse(w http.ResponseWriter, status int) {
	send(w, status, []byte(`{"message":`+strconv.Quote(http.StatusText(status))+`}`))
}

// send writes an answer.
func send(w http.ResponseWriter, status int, body []byte) {
	simserver.Send(w, status, "application/json", body)
}

// writes says whether a request is one that a reader never sends: anything but
// GET, and but a log-in, which the PDU answers or not.
func writes(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet:
		return false
	case http.MethodPost:
		return r.URL.Path != "/login" && r.URL.Path != "/api/login"
	}
	return true
}

// changing lists the methods that would change something at a path. The
// document's examples send POST where its text says PUT, therefore both are.
func changing(at string) []string {
	is := func(patterns ...string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			ok, err := path.Match(pattern, at)
			return ok && err == nil
		})
	}
	switch {
	case is("/api/inlets/*", "/api/banks/*", "/api/outlets/*", "/api/sensors/*", "/api/sensors/*/outputRelay/*", "/api/sensors/*/digitalInputs/*"):
		return []string{http.MethodPut, http.MethodPost}
	case is("/api/groups/*", "/api/events/*", "/api/actions/*"):
		return []string{http.MethodPut, http.MethodPost, http.MethodDelete}
	case is("/api/groups", "/api/events", "/api/actions", "/api/conf", "/api/system/configReset", "/api/system/reboot", "/api/system/firmware"):
		return []string{http.MethodPost}
	}
	return nil
}
