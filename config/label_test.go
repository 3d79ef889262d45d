package config

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

var (
	reading   = regexp.MustCompile("(?m)^\\| `power_[a-z_]+_(?:volts|amperes|watts|celsius|ratio)` \\|[^|]*\\|([^|]*)\\|")
	labelName = regexp.MustCompile("[a-z_]+")
)

// TestLabelsOfReadings compares the labels that a target may not have with those
// that the reference of the metrics names.
func TestLabelsOfReadings(t *testing.T) {
	reference, err := os.ReadFile("../METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, family := range reading.FindAllSubmatch(reference, -1) {
		labels = append(labels, labelName.FindAllString(string(family[1]), -1)...)
	}
	slices.Sort(labels)
	if labels = slices.Compact(labels); !slices.Equal(labels, measured) {
		t.Errorf("readings have the labels\n%q, but\n%q are kept from targets", labels, measured)
	}
}
