package config

import (
	"fmt"
	"strings"
)

// Query is what a URL of /probe asks for.
type Query struct {
	Target string // the name of a target, or an address
	Module string
	Auth   string
}

// Resolved is what a Query stands for. It shares its parts with the Config and
// must not be modified.
type Resolved struct {
	Name       string // of the named target; empty for an ad hoc one
	Address    Address
	ModuleName string
	Module     *Module
	AuthName   string // empty if there are no credentials
	Auth       *Auth  // nil if there are no credentials
	Labels     map[string]string
}

// Reason says what is wrong with a request.
type Reason int

// The reasons to refuse a request.
const (
	BadRequest Reason = iota // it cannot be understood
	Forbidden                // the configuration does not allow it
)

// RequestError is a request that is refused, in a sentence for the person who
// sent it. It holds no secret.
type RequestError struct {
	Reason  Reason
	Message string
}

// Error is the message.
func (e *RequestError) Error() string { return e.Message }

func bad(format string, args ...any) error {
	return &RequestError{Reason: BadRequest, Message: fmt.Sprintf(format, args...)}
}

func forbidden(format string, args ...any) error {
	return &RequestError{Reason: Forbidden, Message: fmt.Sprintf(format, args...)}
}

// Resolve finds what q asks for. Its error is always a *RequestError.
func (c *Config) Resolve(q Query) (Resolved, error) {
	if q.Target == "" {
		return Resolved{}, bad("parameter target is missing: add target= with the name of a configured target, or with an address and module=")
	}
	if t := c.byName[q.Target]; t != nil {
		return c.named(t, q)
	}
	return c.adHoc(q)
}

func (c *Config) named(t *Target, q Query) (Resolved, error) {
	switch {
	case q.Module != "" && q.Module != t.Module:
		return Resolved{}, bad("target %s is configured with module %s: leave out module=%s", quote(t.Name), quote(t.Module), quote(q.Module))
	case q.Auth != "" && t.Auth == "":
		return Resolved{}, bad("target %s is configured without auth: leave out auth=%s", quote(t.Name), quote(q.Auth))
	case q.Auth != "" && q.Auth != t.Auth:
		return Resolved{}, bad("target %s is configured with auth %s: leave out auth=%s", quote(t.Name), quote(t.Auth), quote(q.Auth))
	}
	return c.resolve(t)
}

// adHoc resolves a target that is not configured. Credentials go only where
// their own patterns allow it; without them the general policy counts.
func (c *Config) adHoc(q Query) (Resolved, error) {
	if q.Module == "" {
		return Resolved{}, bad("target %s is not configured by that name, and parameter module is missing: correct the name, or add module= with one of %s", quote(q.Target), list(c.moduleNames()))
	}
	r, err := c.resolve(&Target{Address: q.Target, Module: q.Module, Auth: q.Auth})
	if err != nil {
		return Resolved{}, err
	}
	policy := c.Probe.AdHocTargets
	switch {
	case r.Auth != nil && !r.Auth.Allows(r.Address):
		return Resolved{}, forbidden("auth %s is not bound to %s: add %s to %s.targets in the configuration, or configure the target by name", quote(q.Auth), r.Address, quote(r.Address.String()), at("auths", q.Auth))
	case r.Auth != nil && !r.Auth.AllowsModule(q.Module):
		return Resolved{}, forbidden("auth %s is not bound to module %s: use module=%s, or add %s to %s in the configuration", quote(q.Auth), quote(q.Module), strings.Join(r.Auth.Modules, " or "), quote(q.Module), at(at("auths", q.Auth), "modules"))
	case r.Auth == nil && policy.Deny:
		return Resolved{}, forbidden("target %s is not configured, and probe.ad_hoc_targets is deny: add it to targets in the configuration", quote(q.Target))
	case r.Auth == nil && !policy.Allows(r.Address):
		return Resolved{}, forbidden("target %s is not configured, and matches no pattern of probe.ad_hoc_targets: add %s there, or configure the target by name", quote(q.Target), quote(r.Address.String()))
	}
	return r, nil
}

// resolve looks up what t names, whether or not t may be probed.
func (c *Config) resolve(t *Target) (Resolved, error) {
	m, ok := c.Modules[t.Module]
	if !ok {
		return Resolved{}, bad("unknown module %s: %s", quote(t.Module), knownOnes("modules", c.moduleNames()))
	}
	kind, ok := collectors[m.Collector]
	if !ok {
		return Resolved{}, bad("module %s has unknown collector %s", quote(t.Module), quote(m.Collector))
	}
	r := Resolved{Name: t.Name, ModuleName: t.Module, Module: &m, AuthName: t.Auth, Labels: t.Labels}
	if t.Auth != "" {
		a, ok := c.Auths[t.Auth]
		if !ok {
			return Resolved{}, bad("unknown auth %s: %s", quote(t.Auth), knownOnes("auths", names(c.Auths)))
		}
		r.Auth = &a
	}
	if why := kind.misfit(r.Module, r.Auth); why != "" {
		return Resolved{}, bad("module %s and parameter auth: %s", quote(t.Module), why)
	}
	var err error
	if r.Address, err = kind.address(t.Address); err != nil {
		return Resolved{}, bad("target %v", err)
	}
	return r, nil
}

// moduleNames are the modules that a request may name: those there are, and that
// of devices that push, if there are such.
func (c *Config) moduleNames() []string {
	all := names(c.Modules)
	if !c.Receivers.None() {
		all = append(all, PushModule)
	}
	return all
}
