package probe

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"power_exporter/collector"
	"power_exporter/config"
	"power_exporter/exposition"
	"power_exporter/power"
)

// Pushed looks up what a device that pushes has said last.
type Pushed func(device string) (power.Device, bool)

// fromPush answers for a device that pushes, so that a fleet can be shared out
// among scrapes: nothing is asked of it, and it is as fresh as its last push.
func (p *Prober) fromPush(query url.Values, start time.Time) (Report, error) {
	if err := single(query); err != nil {
		return Report{}, err
	}
	if err := onlyKnown(query, []string{"target", "module", "auth", "debug"}); err != nil {
		return Report{}, err
	}
	// The form of the status page sends an empty one.
	if auth := query.Get("auth"); auth != "" {
		return Report{}, badRequest("a device that pushes is not asked, so that it needs no auth: leave out auth=%s", auth)
	}
	id := query.Get("target")
	if id == "" {
		return Report{}, badRequest("parameter target is missing: add target= with the id of a device that pushes")
	}
	report := Report{
		Target: config.Resolved{Name: id, ModuleName: config.PushModule, Module: &config.Module{}},
		Err:    fmt.Errorf("no device %q has pushed: ids are the label device of the pushed devices on /metrics", id),
	}
	if d, ok := p.pushed(id); ok {
		report.Err = nil
		report.Devices = []power.Device{d}
		report.Reading = collector.Result{Devices: slices.Clone(report.Devices), Taken: start}
	}
	report.Took = time.Since(start)
	return report, nil
}

// orPushed is the error of a request whose target the configuration does not
// have, unless that is a device that pushes.
func (p *Prober) orPushed(c *config.Config, query url.Values, err error) error {
	id := query.Get("target")
	if query.Get("module") != "" || slices.ContainsFunc(c.Targets, func(t config.Target) bool { return t.Name == id }) {
		return err
	}
	if _, ok := p.pushed(id); !ok {
		return err
	}
	return badRequest("target %q is a device that pushes: add module=%s", id, config.PushModule)
}

// isPushed reports whether the probe was of a device that pushes.
func (r *Report) isPushed() bool { return r.Target.ModuleName == config.PushModule }

// countPushed notes the outcome.
func (p *Prober) countPushed(r *Report, err error) {
	switch {
	case err != nil:
		p.self.ProbeDone(config.PushModule, exposition.Refused, r.Took)
	case r.Err != nil:
		p.self.ProbeDone(config.PushModule, exposition.Failed, r.Took)
	default:
		p.self.ProbeDone(config.PushModule, exposition.Succeeded, r.Took)
	}
}
