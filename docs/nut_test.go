package docs

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"power_exporter/collector/nut"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
	"power_exporter/power"
)

func nutDocument(t *testing.T) document {
	t.Helper()
	return document{path: "docs/nut.md", text: read(t, "nut.md")}
}

// described are the variables that nut.md says are mapped, with n for numbers:
// those of the tables of variables, and every point with every quantity.
func described(t *testing.T) (alone, electrical []string) {
	t.Helper()
	d := nutDocument(t)
	for _, section := range []string{"### Device, load and state", "### Input and outlets", "### Battery", "### Environment"} {
		for _, row := range rows(d.section(t, section)) {
			alone = append(alone, codes(row[0])...)
		}
	}
	for _, name := range slices.Clone(alone) {
		if rest, ok := strings.CutPrefix(name, "ambient."); ok {
			alone = append(alone, "ambient.n."+rest)
		}
	}
	var points, quantities []string
	for _, row := range rows(d.section(t, "### Electrical readings")) {
		names := codes(row[0])
		switch {
		case strings.HasPrefix(row[1], "`power_"):
			points = append(points, names...)
		case strings.HasPrefix(row[0], "the same of "):
			for _, q := range slices.Clone(quantities) {
				if threshold, ok := strings.CutPrefix(q, "voltage."); ok && threshold != "nominal" {
					quantities = append(quantities, names[0]+"."+threshold)
				}
			}
		default:
			quantities = append(quantities, names...)
		}
	}
	for _, p := range points {
		for _, q := range quantities {
			electrical = append(electrical, p+"."+q)
		}
	}
	if len(alone) < 50 || len(electrical) < 100 {
		t.Fatalf("found only %d and %d variables in docs/nut.md", len(alone), len(electrical))
	}
	return alone, electrical
}

var (
	number = regexp.MustCompile(`\.[0-9]+\.`)
	line   = regexp.MustCompile(`\.(L[123]|N|L[123]-N|L1-L2|L2-L3|L3-L1)\.`)
)

// TestNUTVariables takes every variable of every device that the tests know.
// One that becomes no native reading although it is a number is mapped, and
// must be in nut.md.
func TestNUTVariables(t *testing.T) {
	alone, electrical := described(t)
	known := slices.Concat(alone, electrical)
	for _, ups := range devices(t) {
		native := map[string]bool{}
		for _, d := range mapped(ups, nut.Natives{Export: true}) {
			for _, n := range d.Natives {
				native[n.Name] = true
			}
		}
		for name, value := range ups {
			if native[name] || !power.Parse(value).Present() || strings.HasPrefix(name, "device.") {
				continue
			}
			pattern := line.ReplaceAllString(number.ReplaceAllString(name, ".n."), ".")
			if !slices.Contains(known, pattern) && !leftOut(t, name) {
				t.Errorf("%s is mapped, and docs/nut.md does not say to what", name)
			}
		}
	}
}

// leftOut says whether nut.md names a variable among those that are not
// exported at all.
func leftOut(t *testing.T, name string) bool {
	t.Helper()
	for _, row := range rows(nutDocument(t).section(t, "## What is left out")) {
		for _, pattern := range codes(row[0]) {
			if ok, err := filepath.Match(pattern, name); err == nil && ok {
				return true
			}
		}
	}
	return false
}

// devices are the variables of every device in the tree.
func devices(t *testing.T) []map[string]string {
	t.Helper()
	var all []map[string]string
	for _, pattern := range []string{"../cmd/powersim/nutsim/devices/*.dev", "../collector/nut/testdata/cases/*/*.dev"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no devices: %v", pattern, err)
		}
		for _, file := range files {
			variables := map[string]string{}
			for line := range strings.Lines(read(t, file)) {
				if name, value, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") {
					variables[name] = strings.TrimSpace(value)
				}
			}
			all = append(all, variables)
		}
	}
	return all
}

// TestNUTDocumentIsTrue gives a device one variable after the other that nut.md
// says is mapped, and wants each to make a difference.
func TestNUTDocumentIsTrue(t *testing.T) {
	alone, electrical := described(t)
	// What a device has beside: a part of each kind, so that only the variable
	// itself can make the difference.
	beside := map[string]string{
		"ups.status": "OL", "input.1.frequency": "50", "outlet.1.groupid": "g", "outlet.1.delay.start": "1",
		"battery.packs": "1", "ambient.count": "1", "ambient.humidity.status": "good", "ambient.1.humidity.status": "good",
		"ambient.contacts.1.status": "open", "ambient.1.contacts.1.status": "open",
	}
	grouped, only := maps.Clone(beside), maps.Clone(beside)
	grouped["outlet.group.1.name"], grouped["outlet.group.1.realpower"] = "bank", "5"
	only["outlet.group.1.realpower"] = "5"
	delete(only, "input.1.frequency")
	bases := []map[string]string{grouped, only}
	values := []string{"1", "3", "g", "on", "no", "closed", "charging", "pdu"}
	for _, pattern := range slices.Concat(alone, electrical) {
		name := strings.ReplaceAll(pattern, ".n.", ".1.")
		if strings.HasPrefix(pattern, "ups.") && !slices.Contains(alone, pattern) {
			name = strings.Replace(name, "ups.", "ups.L1.", 1) // the point ups has lines only
		}
		if !slices.ContainsFunc(bases, func(base map[string]string) bool {
			return slices.ContainsFunc(values, func(value string) bool { return differs(t, base, name, value) })
		}) {
			t.Errorf("docs/nut.md says that %s is mapped, and it changes nothing", pattern)
		}
	}
}

// differs says whether a variable changes the metrics of a device.
func differs(t *testing.T, base map[string]string, name, value string) bool {
	t.Helper()
	with := maps.Clone(base)
	with[name] = value
	without := maps.Clone(base)
	delete(without, name)
	metrics := func(variables map[string]string) string {
		return golden.Gather(t, exposition.NewCollector(mapped(variables, nut.Natives{})))
	}
	return metrics(with) != metrics(without)
}

// mapped are the devices that variables become.
func mapped(variables map[string]string, natives nut.Natives) []power.Device {
	ups := nut.UPS{Name: "a"}
	for name, value := range variables {
		ups.Variables = append(ups.Variables, nut.Variable{Name: name, Value: value})
	}
	return nut.Devices(ups, natives)
}

// TestStatusWords compares the table of status words with what becomes of them.
func TestStatusWords(t *testing.T) {
	var said []string
	for _, row := range rows(nutDocument(t).section(t, "## Status words")) {
		word, state := codes(row[0])[0], codes(row[1])[0]
		said = append(said, state)
		d := mapped(map[string]string{"ups.status": word}, nut.Natives{})[0]
		for s, active := range d.States.All() {
			if active != (string(s) == state) {
				t.Errorf("%s makes %s %t, and docs/nut.md says it makes %s true", word, s, active, state)
			}
		}
	}
	for s := range power.StatesOf().All() {
		if !slices.Contains(said, string(s)) {
			t.Errorf("docs/nut.md has no word for the state %s", s)
		}
	}
}
