package exposition

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"power_exporter/power"
)

// Probe is how one probe went. It is a [prometheus.Collector] for the registry
// of that probe.
type Probe struct {
	Success  bool           // everything was read
	Refused  bool           // the target refused the credentials themselves
	Duration time.Duration  // from the scrape's arrival
	Cached   bool           // the reading was made for another scrape
	Age      time.Duration  // of the reading that is served
	Requests []ProbeRequest // what was asked of the target
}

// ProbeRequest is how one request to the target went.
type ProbeRequest struct {
	Name     string // such as "outlets"
	Success  bool
	Duration time.Duration
}

var probeReadings = []reading[Probe]{
	{
		newGauge("probe_success", "1 when everything was read from the target, 0 when something was not.", nil),
		func(p *Probe) power.Value { return power.Boolean(p.Success) },
	},
	{
		newGauge("probe_duration_seconds", "How long the probe took, in seconds.", nil),
		func(p *Probe) power.Value { return power.Elapsed(p.Duration) },
	},
	{
		newGauge("power_probe_credentials_refused", "1 when the target refused the credentials themselves, such as a wrong password or token, 0 otherwise.", nil),
		func(p *Probe) power.Value { return power.Boolean(p.Refused) },
	},
	{
		newGauge("power_probe_cached", "1 when the reading was made for another scrape and shared or kept, 0 when it was made for this one.", nil),
		func(p *Probe) power.Value { return power.Boolean(p.Cached) },
	},
	{
		newGauge("power_probe_age_seconds", "Age of the reading that is served, in seconds.", nil),
		func(p *Probe) power.Value { return power.Elapsed(p.Age) },
	},
}

var requestLabels = labelNames{"request"}

var requestReadings = []reading[ProbeRequest]{
	{
		newGauge("power_probe_request_success", "1 when the request to the target succeeded, every time if it was made more than once, 0 otherwise.", requestLabels),
		func(r *ProbeRequest) power.Value { return power.Boolean(r.Success) },
	},
	{
		newGauge("power_probe_request_duration_seconds", "How long the request to the target took, in seconds, summed if it was made more than once.", requestLabels),
		func(r *ProbeRequest) power.Value { return power.Elapsed(r.Duration) },
	},
}

// Describe implements [prometheus.Collector].
func (p Probe) Describe(ch chan<- *prometheus.Desc) {
	for _, f := range probeFamilies() {
		ch <- f.desc
	}
}

// Collect implements [prometheus.Collector].
func (p Probe) Collect(ch chan<- prometheus.Metric) { p.send(&channel{metrics: ch}) }

// send exports how the probe went.
func (p Probe) send(out sink) {
	sendAll(out, probeReadings, nil, &p)
	for _, r := range byRequest(p.Requests) {
		sendAll(out, requestReadings, labelValues{r.Name}, &r)
	}
}

// byRequest makes one request of those with the same name, since a name may
// have only one series: it succeeded if all did, and took as long as all.
func byRequest(requests []ProbeRequest) []ProbeRequest {
	var merged []ProbeRequest
	index := map[string]int{}
	for _, r := range requests {
		r.Name = valid(r.Name)
		i, seen := index[r.Name]
		if !seen {
			index[r.Name] = len(merged)
			merged = append(merged, r)
			continue
		}
		merged[i].Success = merged[i].Success && r.Success
		merged[i].Duration += r.Duration
	}
	return merged
}

func probeFamilies() []*family {
	return append(families(probeReadings), families(requestReadings)...)
}
