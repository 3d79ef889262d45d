package config

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

// names are the keys of m in order.
func names[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

// list is names for a sentence.
func list(names []string) string {
	shown := make([]string, len(names))
	for i, name := range names {
		if shown[i] = name; name == "" || strings.Trim(name, letters+digits+"-_.") != "" {
			shown[i] = quote(name)
		}
	}
	return strings.Join(shown, ", ")
}

// knownOnes tells what could have been written instead.
func knownOnes(kind string, names []string) string {
	if len(names) == 0 {
		return "no " + kind + " are configured"
	}
	return "known " + kind + " are " + list(names)
}

// quote is s for a message: quoted, on one line, and not without end.
func quote(s string) string {
	const most = 100
	if len(s) <= most {
		return strconv.Quote(s)
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut]) + "…"
}

// oneLine is s with whatever could break a line made visible.
func oneLine(s string) string {
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// checkName adds what is wrong with the name of an auth, a module or a target,
// which people type into URLs and read in logs.
func checkName(p *problems, path, kind, name string) {
	switch {
	case name == "":
		p.add(path, "the name of the %s is empty: give it one", kind)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		p.add(path, "the name of the %s contains a control character: remove it", kind)
	case strings.TrimSpace(name) != name:
		p.add(path, "the name of the %s starts or ends with a space: remove it", kind)
	}
}
