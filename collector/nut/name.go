package nut

import (
	"slices"
	"strings"
)

// place is the part of a device that a variable is about: the beginning of its
// name.
type place struct {
	domain string // "input", "input.bypass", "output", "outlet", "outlet.group", "ambient" …
	index  string // the n of "outlet.n"; "" for a domain that is not numbered
	line   string // the context of three-phase readings: "L1", "L1-N" …; "" for the whole
}

// twoWords are the second words of domains that consist of two; every other
// domain is the first word of a name.
var twoWords = map[string][]string{
	"input":  {"bypass", "servicebypass"},
	"outlet": {"group"},
	"output": {"bypass", "inverter", "servicebypass"},
}

// locate takes a variable's name apart: "input.bypass.L1-N.voltage.nominal" is
// the voltage.nominal of line L1-N of the input.bypass (nut-names.txt, "Three-phase
// additions" and "outlet").
func locate(name string) (at place, quantity string) {
	at.domain, quantity, _ = strings.Cut(name, ".")
	if first, rest, ok := strings.Cut(quantity, "."); ok && slices.Contains(twoWords[at.domain], first) {
		at.domain, quantity = name[:len(name)-len(rest)-1], rest
	}
	if first, rest, ok := strings.Cut(quantity, "."); ok && isIndex(first) {
		at.index, quantity = first, rest
	}
	if first, rest, ok := strings.Cut(quantity, "."); ok && isLine(first) {
		at.line, quantity = first, rest
	}
	return at, quantity
}

// isIndex says whether a word of a name counts parts of one kind.
func isIndex(word string) bool {
	return word != "" && len(word) <= 5 && strings.Trim(word, "0123456789") == ""
}

// isLine says whether a word of a name is a conductor or a pair of them.
func isLine(word string) bool {
	switch word {
	case "L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1":
		return true
	}
	return false
}
