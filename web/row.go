package web

import (
	"maps"
	"slices"
	"strings"
	"time"

	"power_exporter/config"
	"power_exporter/power"
	"power_exporter/probe"
	"power_exporter/receiver"
)

// staleAfter is after how long without a probe a result says nothing any more.
// It is also after how long Prometheus forgets a series.
const staleAfter = 5 * time.Minute

// state is how a target or a device is, the most urgent one first.
type state int

const (
	failed  state = iota // the last probe did not succeed
	stale                // nothing was heard for too long
	trouble              // it answers or pushes, and a device is down or in trouble
	never                // it was not probed yet
	up                   // the last probe succeeded, or the last push is fresh
)

var states = [...]struct{ key, words string }{
	failed:  {"failed", "failed"},
	stale:   {"stale", "stale"},
	trouble: {"trouble", "trouble"},
	never:   {"never", "not probed yet"},
	up:      {"up", "up"},
}

// Key is the state as a parameter and as a CSS class.
func (s state) Key() string { return states[s].key }

// String is the state for people.
func (s state) String() string { return states[s].words }

// stateKeys are the keys of all states.
func stateKeys() []string {
	keys := make([]string, len(states))
	for i := range states {
		keys[i] = states[i].key
	}
	return keys
}

// row is a target or a device that pushes.
type row struct {
	State  state
	Name   string
	Module string // or the receiver
	At     time.Time
	Took   time.Duration
	Cached bool
	Age    time.Duration // of a cached reading, when it was served
	Note   string        // the error, or else the newest event
	probe.Summary

	subject probe.Subject // of its probe

	// What the details are made of, for those that are shown. All but one are nil.
	target *config.Target
	result *probe.Result
	pushed *receiver.Status
}

// targetRow is the row of a configured target.
func targetRow(t *config.Target, results *probe.Results, now time.Time) *row {
	r, probed := results.Target(t.Name)
	if !probed {
		r.Subject = probe.Subject{Name: t.Name, Module: t.Module}
	}
	shown := resultRow(&r, now)
	if !probed {
		shown.State = never
	}
	shown.Name, shown.target, shown.result = t.Name, t, nil
	return shown
}

// resultRow is the row of a result.
func resultRow(r *probe.Result, now time.Time) *row {
	shown := &row{
		Name: nameOf(&r.Subject), Module: r.Module, At: r.At, Took: r.Took, Cached: r.Cached, Age: r.Age,
		Note: r.Err, Summary: r.Summary, subject: r.Subject, result: r,
	}
	switch {
	case now.Sub(r.At) >= staleAfter:
		shown.State = stale
	case r.Err != "":
		shown.State = failed
	case r.Troubled > 0:
		shown.State = trouble
	default:
		shown.State = up
	}
	return shown
}

// pushedRow is the row of a device that pushes, and of what it pushed last.
func pushedRow(s *receiver.Status, device func(id string) (power.Device, bool)) *row {
	shown := &row{
		State: stale, Name: s.ID, Module: s.Kind, At: s.Received, Note: s.Event,
		subject: probe.Subject{Address: s.ID, Module: config.PushModule}, pushed: s,
	}
	if s.Err != nil {
		shown.State, shown.Note = failed, s.Err.Error()
		return shown
	}
	d, ok := device(s.ID)
	if ok {
		shown.Summary = probe.Summarize([]power.Device{d})
	}
	if !s.Up {
		shown.Troubles = nil // its state says it
		return shown
	}
	shown.State = up
	if shown.Troubled > 0 {
		shown.State = trouble
		// There is but one, which has its name in front.
		shown.Troubles[0].Device = ""
	}
	return shown
}

// nameOf is how a subject is called.
func nameOf(s *probe.Subject) string {
	if s.Name != "" {
		return s.Name
	}
	return s.Address
}

// Query is what to write after "/probe?" to probe it.
func (r *row) Query() string { return r.subject.Query() }

// Untold is how many devices in trouble the row does not tell of.
func (r *row) Untold() int { return max(r.Troubled-len(r.Troubles), 0) }

// Details are what else there is to say of the name.
func (r *row) Details() []string {
	var all []string
	add := func(text string) {
		if text != "" {
			all = append(all, text)
		}
	}
	switch {
	case r.target != nil:
		add(r.target.Address)
		for _, name := range slices.Sorted(maps.Keys(r.target.Labels)) {
			add(name + "=" + r.target.Labels[name])
		}
	case r.result != nil:
		subjectDetails(&r.result.Subject, add)
	case r.pushed != nil:
		add(r.pushed.Name)
		add(strings.TrimSpace(r.pushed.Vendor + " " + r.pushed.Model))
		add("from " + r.pushed.Sender)
	}
	return all
}

// subjectDetails adds what else there is to say of a subject.
func subjectDetails(s *probe.Subject, add func(string)) {
	if s.Name != "" {
		add(s.Address)
	}
	if s.Auth != "" {
		add("auth " + s.Auth)
	}
	add(parametersText(s.Parameters))
}

// contains reports whether the row contains a text, which is in lower case.
func (r *row) contains(text string) bool {
	if containsFold(text, r.Name, r.Module, r.Note) || containsFold(text, r.Details()...) {
		return true
	}
	return slices.ContainsFunc(r.Troubles, func(t probe.Trouble) bool { return containsFold(text, t.Device, t.Reason) })
}
