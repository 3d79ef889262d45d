package cloudtraxsim

import (
	"net/http"
	"slices"
	"strconv"
)

// list is GET /powerstrip/network/<id>/list.
func (c *Cloud) list(r *http.Request, key Key) (any, *refusal) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n, refusal := c.networkFor(r, key)
	if refusal != nil {
		return nil, refusal
	}
	reply := struct {
		Powerstrips []Listed `json:"powerstrips"`
	}{[]Listed{}}
	for i := range n.Strips {
		reply.Powerstrips = append(reply.Powerstrips, n.Strips[i].listed())
	}
	return reply, nil
}

// settings is GET /powerstrip/network/<id>/settings.
func (c *Cloud) settings(r *http.Request, key Key) (any, *refusal) {
	n, refusal := c.networkFor(r, key)
	if refusal != nil {
		return nil, refusal
	}
	return n.Settings, nil
}

// firmware is GET /powerstrip/network/<id>/firmware_versions.
func (c *Cloud) firmware(r *http.Request, key Key) (any, *refusal) {
	n, refusal := c.networkFor(r, key)
	if refusal != nil {
		return nil, refusal
	}
	return struct {
		FirmwareVersions []Firmware `json:"firmware_versions"`
	}{n.Firmware}, nil
}

// strip is GET /powerstrip/<id>.
func (c *Cloud) strip(r *http.Request, key Key) (any, *refusal) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	s, refusal := c.stripFor(r, key)
	if refusal != nil {
		return nil, refusal
	}
	shown := *s
	shown.Ports = slices.Clone(s.Ports)
	return shown, nil
}

// networkFor is the network that a path names, if the key is for it. A key of
// one network is not told which others there are.
func (c *Cloud) networkFor(r *http.Request, key Key) (*Network, *refusal) {
	id, err := strconv.ParseInt(r.PathValue("network"), 10, 64)
	if err != nil {
		return nil, invalidID("network_id")
	}
	if !key.allows(id) {
		return nil, refuse(http.StatusForbidden, codeForeignNetwork, "authorize", "Network id doesn't match key.")
	}
	n := c.network(id)
	if n == nil {
		return nil, refuse(http.StatusNotFound, codeNoNetwork, "network_id", "Network not found, create or migrate first.")
	}
	return n, nil
}

// stripFor is the strip that a path names, if the key is for its network. The
// refusal tells the key, as the vendor's table has it.
func (c *Cloud) stripFor(r *http.Request, key Key) (*Strip, *refusal) {
	id, err := strconv.ParseInt(r.PathValue("strip"), 10, 64)
	if err != nil {
		return nil, invalidID("powerstrip_id")
	}
	at, ok := c.strips[id]
	if !ok {
		return nil, notFound("powerstrip_id")
	}
	if !key.allows(at.network.ID) {
		refusal := refuse(http.StatusForbidden, codeForeignStrip, "authorize", "Unauthorized access from key "+key.Key+".")
		refusal.Values["key"] = key.Key
		return nil, refusal
	}
	return at.strip, nil
}
