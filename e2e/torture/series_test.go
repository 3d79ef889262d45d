package torture

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// series is the metrics of a page: each series, as it is written, and its value.
type series map[string]string

// parse reads metrics, as Prometheus would.
func parse(t *testing.T, text string) series {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("the metrics are no UTF-8: %q", text)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	if _, err := parser.TextToMetricFamilies(strings.NewReader(text)); err != nil {
		t.Errorf("the metrics cannot be read: %v in\n%s", err, text)
	}
	s := series{}
	for line := range strings.Lines(text) {
		if at := strings.LastIndexByte(line, ' '); at > 0 && line[0] != '#' {
			s[line[:at]] = strings.TrimSuffix(line[at+1:], "\n")
		}
	}
	return s
}

// family is the name of a series, without its labels.
func family(series string) string {
	name, _, _ := strings.Cut(series, "{")
	return name
}

// noReadings are the families of devices whose values are no readings of theirs,
// or grow older by themselves.
var noReadings = []string{
	"power_device_up", "power_device_reading_age_seconds", "power_device_last_seen_timestamp_seconds",
	"power_device_uptime_seconds", "power_device_streamed", "power_circuit_reading_age_seconds",
}

// isReading says whether a series is something that a device has said.
func isReading(name string) bool {
	return !strings.HasPrefix(name, "probe_") && !strings.HasPrefix(name, "power_probe_") && !slices.Contains(noReadings, family(name))
}

// invented lists what is in s and was not said by the device when it was well:
// readings that are new, or have another value. Two readings of a device that
// does not change must be the same. (What is known of a thing in an info may be
// less.)
func (s series) invented(well series) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if isReading(name) && !strings.HasSuffix(family(name), "_info") && s[name] != well[name] {
			found = append(found, fmt.Sprintf("%s %s, was %q", name, s[name], well[name]))
		}
	}
	return found
}

// point is what a family is about: the "outlet" of power_outlet_on.
var point = regexp.MustCompile(`^power_(device|inlet|circuit|output|outlet|bypass|battery|sensor|ups|alarm|event|native)`)

// lost says what of a device that was well is not in s, by points: "nothing",
// "outlet", "some of inlet", "everything".
func (s series) lost(well series) string {
	all, gone := map[string]int{}, map[string]int{}
	total, missing := 0, 0
	for name := range well {
		found := point.FindStringSubmatch(name)
		if !isReading(name) || found == nil || family(name) == "power_device_info" {
			continue
		}
		all[found[1]]++
		total++
		if _, there := s[name]; !there {
			gone[found[1]]++
			missing++
		}
	}
	switch {
	case missing == 0:
		return "nothing"
	case missing == total:
		return "everything"
	case s.onlyDown(well):
		return "all of what is down"
	}
	var words []string
	for _, what := range slices.Sorted(maps.Keys(gone)) {
		if gone[what] == all[what] {
			words = append(words, what)
		} else {
			words = append(words, "some of "+what)
		}
	}
	return strings.Join(words, ", ")
}

// owner is the device of a series.
var owner = regexp.MustCompile(`[{,]device="((?:[^"\\]|\\.)*)"`)

// onlyDown says whether what is lost is all readings of devices that are down,
// and no others.
func (s series) onlyDown(well series) bool {
	for name := range well {
		found := owner.FindStringSubmatch(name)
		if found == nil || !isReading(name) || family(name) == "power_device_info" {
			continue
		}
		_, there := s[name]
		if down := s[fmt.Sprintf("power_device_up{device=%q}", found[1])] == "0"; down == there {
			return false
		}
	}
	return true
}

// devices says how many devices are up and down.
func (s series) devices() string {
	up, down := 0, 0
	for name, value := range s {
		switch {
		case family(name) != "power_device_up":
		case value == "1":
			up++
		default:
			down++
		}
	}
	switch {
	case up+down == 0:
		return "none"
	case down == 0:
		return fmt.Sprintf("%d up", up)
	case up == 0:
		return fmt.Sprintf("%d down", down)
	}
	return fmt.Sprintf("%d up, %d down", up, down)
}

// requests says whether the requests of the probe failed.
func (s series) requests() string {
	failed, all := 0, 0
	for name, value := range s {
		if family(name) != "power_probe_request_success" {
			continue
		}
		all++
		if value == "0" {
			failed++
		}
	}
	switch failed {
	case 0:
		return "none"
	case all:
		return "all"
	}
	return "some"
}

// unnamed is the number of series of each family, as if they were series: where
// all have other names, nothing else can be compared.
func (s series) unnamed() series {
	counts := map[string]int{}
	for name := range s {
		counts[family(name)]++
	}
	of := series{}
	for name, n := range counts {
		for i := range n {
			of[fmt.Sprintf("%s{n=%q}", name, strconv.Itoa(i))] = ""
		}
	}
	return of
}
