// Package probe answers /probe: it turns a URL's parameters and the
// configuration into a reading, and the reading into metrics.
package probe

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"power_exporter/collector"
	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/power"
)

// Kind is one kind of collector, as the program's table lists them.
type Kind struct {
	// Parameters are the query parameters it knows beside those of every probe.
	Parameters []string
	// New prepares the collector of a target. Its error is about the
	// parameters, and becomes a 400.
	New func(target config.Resolved, parameters url.Values) (func(*collector.Gate) collector.Collector, error)
	// Limited is what max_concurrency applies to; nil is the target's address.
	Limited func(target config.Resolved) string
}

// Prober makes probes.
type Prober struct {
	kinds  map[string]Kind // by the name that a module's collector has
	config func() *config.Config
	pushed Pushed
	pool   *collector.Pool
	self   *exposition.Self
	logger *slog.Logger

	results     *Results
	discovering *semaphore.Weighted // places for discoveries
	discoveries singleflight.Group  // by the target's name
}

// New makes a prober that reads through the kinds of collector, as the
// configuration that is current at each probe says, and looks up in pushed what
// devices have pushed.
func New(kinds map[string]Kind, current func() *config.Config, pushed Pushed, self *exposition.Self, logger *slog.Logger) *Prober {
	return &Prober{
		kinds: kinds, config: current, pushed: pushed, pool: collector.NewPool(logger, self.Panicked), self: self, logger: logger,
		results: newResults(), discovering: semaphore.NewWeighted(discoverers),
	}
}

// Reset forgets all that was made of an earlier configuration. It is to be
// called after the new one has become current.
func (p *Prober) Reset() {
	p.pool.Clear()
	p.results.reset(p.config())
}

// Results are how the last probes went.
func (p *Prober) Results() *Results { return p.results }

// Report is what came of one probe.
type Report struct {
	Target  config.Resolved
	Timeout time.Duration // how long it might have taken
	Reading collector.Result
	Devices []power.Device // those of the reading that were asked for
	Err     error          // why it is not a success; nil if it is
	Took    time.Duration
	Age     time.Duration // of the reading
}

// the parameters of every probe.
var parameters = []string{"target", "module", "auth", "device", "debug"}

// Probe makes the probe that the parameters ask for. The scrape timeout is how
// long the caller waits, or 0 for as long as the module allows. An error means
// that nothing was asked of any target, since the request is wrong: a
// [config.RequestError].
func (p *Prober) Probe(ctx context.Context, query url.Values, scrapeTimeout time.Duration, logger *slog.Logger) (Report, error) {
	start := time.Now()
	done := p.self.ProbeStarted()
	defer done()

	current := p.results.current()
	if query.Get("module") == config.PushModule {
		report, err := p.fromPush(query, start)
		p.countPushed(&report, err)
		if err == nil {
			p.results.record(Subject{Address: report.Target.Name, Module: config.PushModule}, "", &report, current)
		}
		return report, err
	}
	epoch := p.pool.Epoch()
	target, source, err := p.resolve(p.config(), query)
	if err != nil {
		p.self.ProbeDone(target.ModuleName, exposition.Refused, time.Since(start))
		return Report{}, err
	}
	source.Epoch = epoch
	timeout := time.Duration(target.Module.Timeout)
	if scrapeTimeout > 0 {
		timeout = min(timeout, scrapeTimeout)
	}
	logger = logger.With("target", targetName(target), "module", target.ModuleName)
	report := Report{Target: target, Timeout: timeout}
	report.Reading = p.pool.Read(ctx, source, timeout, logger)
	report.Devices, report.Err = report.Reading.Devices, report.Reading.Err
	if id := query.Get("device"); id != "" {
		report.Devices = only(report.Devices, id)
		if len(report.Devices) == 0 && report.Err == nil {
			report.Err = fmt.Errorf("there is no device %q: %s", id, listed(ids(report.Reading.Devices)))
		}
	}
	report.Took = time.Since(start)
	if report.Reading.Cached {
		report.Age = time.Since(report.Reading.Taken)
	}
	p.count(&report, logger)
	p.results.record(subject(target, p.kinds[target.Module.Collector].Parameters, query), query.Get("device"), &report, current)
	return report, nil
}

// count notes the outcome where people and Prometheus look for it.
func (p *Prober) count(r *Report, logger *slog.Logger) {
	result := exposition.Succeeded
	if r.Err != nil {
		result = exposition.Failed
	}
	p.self.ProbeDone(r.Target.ModuleName, result, r.Took)
	if r.Reading.Cached {
		p.self.ProbeCoalesced(r.Target.ModuleName)
		if r.Reading.Err != nil {
			return // whoever made the reading has logged it
		}
	}
	if r.Err != nil {
		logger.Warn("probe failed", "err", r.Err, "duration", r.Took)
		return
	}
	logger.Debug("probe succeeded", "devices", len(r.Devices), "duration", r.Took)
}

// resolve finds what the parameters ask for.
func (p *Prober) resolve(c *config.Config, query url.Values) (config.Resolved, collector.Source, error) {
	if err := single(query); err != nil {
		return config.Resolved{}, collector.Source{}, err
	}
	target, err := c.Resolve(config.Query{Target: query.Get("target"), Module: query.Get("module"), Auth: query.Get("auth")})
	if err != nil {
		return target, collector.Source{}, p.orPushed(c, query, err)
	}
	kind := p.kinds[target.Module.Collector]
	if err := onlyKnown(query, slices.Concat(parameters, kind.Parameters)); err != nil {
		return target, collector.Source{}, err
	}
	create, err := kind.New(target, query)
	if err != nil {
		return target, collector.Source{}, badRequest("%v", err)
	}
	key := []string{target.ModuleName, target.Address.String(), target.AuthName}
	for _, name := range kind.Parameters {
		key = append(key, query.Get(name))
	}
	limited := target.Address.String()
	if kind.Limited != nil {
		limited = kind.Limited(target)
	}
	return target, collector.Source{
		Key:            strings.Join(key, "\x00"),
		Device:         limited,
		MaxConcurrency: target.Module.MaxConcurrency,
		CacheTTL:       time.Duration(target.Module.CacheTTL),
		New:            create,
	}, nil
}

// maxParameter is the longest value of a parameter, in bytes: how probes went is
// remembered by them.
const maxParameter = 1024

// single refuses a parameter that is given more than once, or is longer than
// any name.
func single(query url.Values) error {
	for name, values := range query {
		if len(values) > 0 && len(values[0]) > maxParameter {
			return badRequest("parameter %s has %d bytes: at most %d are taken", name[:min(len(name), 64)], len(values[0]), maxParameter)
		}
		if len(values) > 1 {
			return badRequest("parameter %s is given %d times: give it once", name, len(values))
		}
	}
	return nil
}

// onlyKnown refuses a parameter that nobody would read: it is a typing error, and
// what it was meant to narrow would silently stay wide.
func onlyKnown(query url.Values, names []string) error {
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(names, name) {
			return badRequest("unknown parameter %q: known are %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

// only returns the devices with the id.
func only(devices []power.Device, id string) []power.Device {
	var found []power.Device
	for i := range devices {
		if devices[i].ID == id {
			found = append(found, devices[i])
		}
	}
	return found
}

// targetName is how a target is called in the log.
func targetName(target config.Resolved) string {
	if target.Name != "" {
		return target.Name
	}
	return target.Address.String()
}
