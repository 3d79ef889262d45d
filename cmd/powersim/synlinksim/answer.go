package synlinksim

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// exchange is one request and its answer.
type exchange struct {
	pdu     *PDU
	w       http.ResponseWriter
	r       *http.Request
	release func() // ends the request's part in InFlight
}

// ServeHTTP answers one request as the PDU's web server would.
func (p *PDU) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.adopt(func() {}) {
		panic(http.ErrAbortHandler)
	}
	defer p.running.Done()
	p.log.Debug("request", "method", r.Method, "path", r.URL.Path, "remote", r.RemoteAddr)
	x := &exchange{pdu: p, w: w, r: r}
	if !x.enter() {
		return
	}
	defer x.release()
	fault, ok := p.faults.take(r.URL.Path)
	if ok && x.misbehave(fault) {
		return
	}
	x.answer(r.Context(), fault)
}

// enter counts the request, and refuses it where there are too many.
func (x *exchange) enter() bool {
	p, overloaded := x.pdu, false
	p.counters.add(func(st *Stats) {
		st.Requests[x.r.URL.Path]++
		if writes(x.r) {
			st.Writes[x.r.Method+" "+x.r.URL.Path]++
		}
		st.InFlight++
		st.MaxInFlight = max(st.MaxInFlight, st.InFlight)
		if n := p.options.MaxRequests; n > 0 && st.InFlight > n {
			overloaded = true
			st.Overloaded++
		}
	})
	inside := true
	x.release = func() {
		if inside {
			inside = false
			p.counters.add(func(st *Stats) { st.InFlight-- })
		}
	}
	if !overloaded {
		return true
	}
	defer x.release()
	if p.options.OverloadReset {
		x.reset()
	} else {
		x.refuse(http.StatusServiceUnavailable)
	}
	return false
}

// answer says what the PDU has to say to a request that reaches it.
func (x *exchange) answer(ctx context.Context, fault Fault) {
	p, at := x.pdu, x.r.URL.Path
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
	case at == "/ws" && x.r.Method == http.MethodGet:
		x.stream(ctx)
	case !readable && len(writable) == 0 && at != "/ws":
		x.refuse(http.StatusNotFound)
	case readable && x.r.Method == http.MethodGet:
		x.read(e, fault)
	case slices.Contains(writable, x.r.Method):
		x.refuseWrite()
	default:
		if readable || at == "/ws" {
			writable = append([]string{http.MethodGet}, writable...)
		}
		x.w.Header().Set("Allow", strings.Join(writable, ", "))
		x.refuse(http.StatusMethodNotAllowed)
	}
}

// read answers what an endpoint tells the user who asks.
func (x *exchange) read(e endpoint, fault Fault) {
	user := x.pdu.identify(x.r)
	switch {
	case user == nil:
		x.unauthorized()
	case !user.may(e.permission):
		x.refuse(x.pdu.options.Denied)
	default:
		x.send(http.StatusOK, "application/json", x.pdu.reply(e.reply, user, fault.WrongTypes), fault.Half)
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

// refuse answers with a status that is no success. The document shows no body
// of one.
func (x *exchange) refuse(status int) {
	x.send(status, "application/json", []byte(`{"message":`+strconv.Quote(http.StatusText(status))+`}`), false)
}

// send writes an answer, or half of it and then no more.
func (x *exchange) send(status int, contentType string, body []byte, half bool) {
	h := x.w.Header()
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	x.w.WriteHeader(status)
	// The last byte goes out after the counts, so that a client that has the
	// whole answer and asks again is never counted twice at the same time.
	last := max(0, len(body)-1)
	if half {
		last = len(body) / 2
	}
	x.pdu.counters.add(func(st *Stats) {
		st.Answers[status]++
		st.BytesOut += int64(last)
		if !half {
			st.BytesOut += int64(len(body) - last)
		}
	})
	_, _ = x.w.Write(body[:last]) // a client that left needs no answer
	x.release()
	if half {
		_ = http.NewResponseController(x.w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = x.w.Write(body[last:])
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
