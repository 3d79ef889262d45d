package cloudtraxsim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Acted lists the requests that act on a strip or would change what the cloud
// stores, as "GET /powerstrip/1/reboot", in the order in which they came, refused
// ones included. A reader sends none.
func (c *Cloud) Acted() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.Clone(c.acted)
}

// record keeps a request that a reader never sends, and leaves the answer to
// next.
func (c *Cloud) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if acts(r) {
			c.log.Warn("a request acts on power strips", "method", r.Method, "path", r.URL.Path, "remote", r.RemoteAddr)
			c.mu.Lock()
			c.acted = append(c.acted, r.Method+" "+r.URL.Path)
			c.mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

// acts says whether a request is one that a reader never sends: it ends with a
// word that acts, wherever that is, or its method changes something.
func acts(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return true
	}
	path := strings.TrimRight(r.URL.Path, "/")
	switch path[strings.LastIndex(path, "/")+1:] {
	case "checkin", "reboot", "enable_pairing", "reset", "expedite_upgrade":
		return true
	}
	return false
}

// act answers a request that would act on a strip: nothing happens, and the
// cloud says that it did.
func (c *Cloud) act(context string) answer {
	return func(r *http.Request, key Key) (any, *refusal) {
		if _, refusal := c.stripFor(r, key); refusal != nil {
			return nil, refusal
		}
		return success{Code: codeSuccess, Context: context, Message: "Success."}, nil
	}
}

// resetPort is GET /powerstrip/<id>/port/<number>/reset.
func (c *Cloud) resetPort(r *http.Request, key Key) (any, *refusal) {
	s, refusal := c.stripFor(r, key)
	if refusal != nil {
		return nil, refusal
	}
	number, err := strconv.Atoi(r.PathValue("port"))
	if err != nil {
		return nil, invalidID("port_id")
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	if !slices.ContainsFunc(s.Ports, func(p Port) bool { return p.ID == number }) {
		return nil, notFound("port_id")
	}
	return success{Code: codeSuccess, Context: "reset_port", Message: "Success."}, nil
}

// expedite is GET /powerstrip/network/<id>/expedite_upgrade.
func (c *Cloud) expedite(r *http.Request, key Key) (any, *refusal) {
	if _, refusal := c.networkFor(r, key); refusal != nil {
		return nil, refusal
	}
	return success{Code: codeSuccess, Context: "expedite_upgrade", Message: "Success."}, nil
}

// refuseNetwork answers a request that would change a network.
func (c *Cloud) refuseNetwork(r *http.Request, key Key) (any, *refusal) {
	if _, refusal := c.networkFor(r, key); refusal != nil {
		return nil, refusal
	}
	return nil, readOnly()
}

// refuseStrip answers a request that would change a strip.
func (c *Cloud) refuseStrip(r *http.Request, key Key) (any, *refusal) {
	if _, refusal := c.stripFor(r, key); refusal != nil {
		return nil, refusal
	}
	return nil, readOnly()
}

// readOnly refuses what is more than reading.
func readOnly() *refusal {
	return refuse(http.StatusForbidden, codeReadOnly, "authorize", "Read-only key does not have access to all components.")
}
