package nutsim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"power_exporter/cmd/powersim/simlive"
)

// part is a part of a device whose load drifts by itself, and what else its
// load is counted in.
type part struct {
	scope  string
	weight float64
	within []string
	drift  simlive.Walk
}

// parts divides a device's load: into the outlets of a PDU, the lines of a
// three-phase UPS, or not at all. The scope of the whole is "".
func parts(u UPS) []part {
	var list []part
	for name, group := range u.Variables {
		outlet, ok := strings.CutSuffix(name, ".groupid")
		if !ok || !isOutlet(outlet) {
			continue
		}
		p := part{scope: outlet, weight: weight(u, outlet), within: []string{"", "outlet.group." + group}}
		if line := u.Variables["outlet.group."+group+".phase"]; line != "" {
			p.within = append(p.within, line)
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b part) int { return cmp.Compare(a.scope, b.scope) })
	if len(list) > 0 {
		return list
	}
	for _, line := range lines() {
		if w := weight(u, "output."+line); w > 0 {
			list = append(list, part{scope: line, weight: w, within: []string{""}})
		}
	}
	if len(list) > 0 {
		return list
	}
	return []part{{scope: "", weight: 1}}
}

// weight is how much of a whole's load a part has.
func weight(u UPS, part string) float64 {
	for _, spec := range []string{".power", ".realpower", ".current"} {
		if w, err := strconv.ParseFloat(u.Variables[part+spec], 64); err == nil {
			return w
		}
	}
	return 0
}

// factors is how many times its recorded load every scope has now; a whole's
// is the mean of its parts'.
func factors(list []part) map[string]float64 {
	found := map[string]float64{"": 1}
	sums, weights := map[string]float64{}, map[string]float64{}
	for _, p := range list {
		factor := 1 + 0.1*p.drift.At()
		found[p.scope] = factor
		for _, whole := range p.within {
			sums[whole] += p.weight * factor
			weights[whole] += p.weight
		}
	}
	for whole, w := range weights {
		if w > 0 {
			found[whole] = sums[whole] / w
		}
	}
	return found
}

// scope is the part of a device that a variable is about.
func scope(name string) string {
	words := strings.Split(name, ".")
	if words[0] == "outlet" && len(words) > 2 {
		if words[1] == "group" {
			return strings.Join(words[:3], ".")
		}
		if outlet := strings.Join(words[:2], "."); isOutlet(outlet) {
			return outlet
		}
	}
	for _, line := range lines() {
		if slices.Contains(words, line) {
			return line
		}
	}
	return ""
}

// isOutlet says whether a name is that of a single outlet.
func isOutlet(name string) bool {
	n, ok := strings.CutPrefix(name, "outlet.")
	if !ok {
		return false
	}
	i, err := strconv.Atoi(n)
	return err == nil && i > 0
}

// lines lists the line conductors.
func lines() []string { return []string{"L1", "L2", "L3"} }
