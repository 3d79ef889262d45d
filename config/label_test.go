package config

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	family    = regexp.MustCompile("(?m)^\\| `(power_[a-z_]+)` \\|[^|]*\\|([^|]*)\\|")
	labelName = regexp.MustCompile("[a-z_]+")
)

// TestLabelsOfReadings compares the labels that a target may not have with those
// that the reference of the metrics names.
func TestLabelsOfReadings(t *testing.T) {
	reference, err := os.ReadFile("../METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	labels := []string{"kind", "vendor"}
	for _, found := range family.FindAllStringSubmatch(string(reference), -1) {
		if name := found[1]; !strings.HasSuffix(name, "_info") && !strings.HasPrefix(name, "power_exporter_") {
			labels = append(labels, labelName.FindAllString(found[2], -1)...)
		}
	}
	slices.Sort(labels)
	if labels = slices.Compact(labels); !slices.Equal(labels, measured) {
		t.Errorf("readings have the labels\n%q, but\n%q are kept from targets", labels, measured)
	}
}
