package probe

import (
	"net/url"

	"power_exporter/config"
)

// Subject is what probes were made of: two probes of the same subject ask for
// the same reading.
type Subject struct {
	Name       string // of a configured target; "" for any other
	Address    string // of the target; the device's id where it pushes
	Module     string
	Auth       string // the name of an auth; "" for none
	Parameters string // what narrows the reading, as in a URL: "ups=rack-a"; "" for all of the target
}

// subject is what a probe was of. The parameters are those that the target's
// kind of collector knows.
func subject(target config.Resolved, parameters []string, query url.Values) Subject {
	narrowing := url.Values{}
	for _, name := range parameters {
		if value := query.Get(name); value != "" {
			narrowing.Set(name, value)
		}
	}
	return Subject{
		Name:       target.Name,
		Address:    target.Address.String(),
		Module:     target.ModuleName,
		Auth:       target.AuthName,
		Parameters: narrowing.Encode(),
	}
}

// configured reports whether the subject is a configured target, all of it.
func (s *Subject) configured() bool { return s.Name != "" && s.Parameters == "" }

// ofDevice is the part of the subject that is one device.
func (s Subject) ofDevice(id string) Subject {
	if id == "" {
		return s
	}
	device := url.Values{"device": {id}}.Encode()
	if s.Parameters != "" {
		device = s.Parameters + "&" + device
	}
	s.Parameters = device
	return s
}

// Query is what to write after "/probe?" to probe the subject.
func (s Subject) Query() string {
	query := url.Values{"target": {s.Name}}
	if s.Name == "" {
		query.Set("target", s.Address)
		query.Set("module", s.Module)
		if s.Auth != "" {
			query.Set("auth", s.Auth)
		}
	}
	if s.Parameters == "" {
		return query.Encode()
	}
	return query.Encode() + "&" + s.Parameters
}
