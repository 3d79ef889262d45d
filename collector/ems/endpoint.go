package ems

import "strings"

// endpoint is something that an EMS can be asked for, under the name that the
// configuration has for its path.
type endpoint string

const (
	version  endpoint = "version"
	login    endpoint = "login"
	serial   endpoint = "serial"
	mac      endpoint = "mac"
	devices  endpoint = "devices"
	loads    endpoint = "loads"
	signals  endpoint = "signals"
	realtime endpoint = "realtime"
)

// path is where the EMS has it by default. The document has lost all paths but
// those of the version and of the log-in; the others follow the names of the
// resources.
func (e endpoint) path() string {
	switch e {
	case version:
		return "/ver"
	case login:
		return "/v1/auth/login"
	case serial:
		return "/v1/sn"
	default:
		return "/v1/" + string(e)
	}
}

// member is the name of the answer's member that holds what was asked for.
func (e endpoint) member() string {
	switch e {
	case version:
		return "api_ver"
	case login:
		return "token"
	case serial:
		return "sn"
	default:
		return string(e)
	}
}

// words are what it is called in a sentence.
func (e endpoint) words() string {
	switch e {
	case version:
		return "the version"
	case serial:
		return "the serial number"
	case mac:
		return "the MAC address"
	case realtime:
		return "the realtime values"
	default:
		return string(e)
	}
}

// paged reports whether the document has the parameters limit and page for it.
func (e endpoint) paged() bool { return e == signals || e == realtime }

// sentence lists endpoints in words.
func sentence(endpoints []endpoint) string {
	var words []string
	for _, e := range endpoints {
		words = append(words, e.words())
	}
	return strings.Join(words, ", ")
}
