package web

import (
	"bufio"
	"net/http"
	"strconv"
	"time"

	"power_exporter/config"
)

const (
	// refreshHeader is where Prometheus says how often it asks for its targets,
	// in seconds, which is also how long it waits for them.
	refreshHeader = "X-Prometheus-Refresh-Interval-Seconds"
	// maxDiscovery is the longest time for which /sd looks for devices.
	maxDiscovery = 10 * time.Second
)

// sd answers Prometheus' HTTP service discovery with all targets, so that a
// scrape configuration needs neither targets nor relabelling.
func (p *pages) sd(w http.ResponseWriter, r *http.Request) {
	wanted, err := parseSelection(r.URL.RawQuery)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	at, err := addressOf(r, p.external)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	targets := wanted.targets(p.Config().Targets)
	if wanted.devices {
		names := make([]string, len(targets))
		for i, t := range targets {
			names[i] = t.Name
		}
		p.Prober.Discover(r.Context(), names, discoveryLimit(r.Header))
	}

	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	list := newGroups(bufio.NewWriterSize(w, 1<<16), at)
	for _, t := range targets {
		p.groupsOf(list, t, wanted.devices)
	}
	if wanted.devices && p.Pushed != nil {
		for _, d := range p.Pushed() {
			if wanted.device(d.ID) {
				list.pushed(d.ID)
			}
		}
	}
	list.end()
}

// groupsOf adds a target, or the devices behind it if they are wanted and
// known.
func (p *pages) groupsOf(list *groups, t *config.Target, devices bool) {
	var ids []string
	if devices {
		ids = p.Prober.Results().Devices(t.Name)
	}
	if len(ids) == 0 {
		list.target(t, "")
		return
	}
	for _, id := range ids {
		list.target(t, id)
	}
}

// discoveryLimit is how long to look for devices: half of what Prometheus
// waits, if it says so.
func discoveryLimit(h http.Header) time.Duration {
	seconds, err := strconv.ParseFloat(h.Get(refreshHeader), 64)
	if err != nil || !(seconds > 0 && seconds < maxDiscovery.Seconds()*2) {
		return maxDiscovery
	}
	return time.Duration(seconds * float64(time.Second) / 2)
}
