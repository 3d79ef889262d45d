package config

import "gopkg.in/yaml.v3"

// AdHocTargets says which targets may be probed without being configured. Its
// zero value allows all of them.
type AdHocTargets struct {
	// Deny refuses every one.
	Deny bool
	// Patterns are the only ones allowed, where there are any.
	Patterns []string
}

// Allows reports whether addr may be probed without credentials.
func (t AdHocTargets) Allows(addr Address) bool {
	if t.Deny {
		return false
	}
	return len(t.Patterns) == 0 || anyMatches(t.Patterns, addr)
}

// MarshalYAML writes allow, deny or the list of patterns.
func (t AdHocTargets) MarshalYAML() (any, error) {
	switch {
	case t.Deny:
		return "deny", nil
	case len(t.Patterns) > 0:
		return t.Patterns, nil
	}
	return "allow", nil
}

func (t *AdHocTargets) decodeNode(d *decoder, path string, n *yaml.Node) {
	if n.Kind == yaml.SequenceNode {
		if t.Deny = len(n.Content) == 0; !t.Deny {
			d.decode(path, n, &t.Patterns)
		}
		return
	}
	switch word, _ := text(n); word {
	case "allow":
	case "deny":
		t.Deny = true
	default:
		d.problems.reject(path, "must be allow, deny or a list of patterns, not %s", what(n))
	}
}

func (t AdHocTargets) check(p *problems, path string) {
	checkPatterns(p, path, t.Patterns)
}
