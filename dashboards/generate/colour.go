package main

import (
	"strconv"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// The colours have the same meaning everywhere.
const (
	good    = "green"
	warning = "orange"
	bad     = "red"
	neutral = "blue"
	idle    = "#808080"
)

// level is a colour from a value on.
type level struct {
	from   float64
	colour string
}

// levels are colours of values, lowest first.
func levels(base string, above ...level) cog.Builder[dashboard.ThresholdsConfig] {
	return dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps(steps(base, above))
}

func steps(base string, above []level) []dashboard.Threshold {
	all := []dashboard.Threshold{{Color: base}}
	for _, l := range above {
		all = append(all, dashboard.Threshold{Value: new(l.from), Color: l.colour})
	}
	return all
}

// none is good, any is bad.
func noneIsGood() cog.Builder[dashboard.ThresholdsConfig] {
	return levels(good, level{1, bad})
}

// word is what a state is called, and its colour.
type word struct{ text, colour string }

// words name the values 0 and 1.
func words(zero, one word) []dashboard.ValueMapping {
	mapping := dashboard.NewValueMap()
	for i, w := range []word{zero, one} {
		mapping.Options[strconv.Itoa(i)] = dashboard.ValueMappingResult{Text: &w.text, Color: &w.colour, Index: new(int32(i))}
	}
	return []dashboard.ValueMapping{{ValueMap: mapping}}
}

// upOrDown names the values of power_device_up.
func upOrDown() []dashboard.ValueMapping { return words(word{"down", bad}, word{"up", good}) }

// onOrOff names switches, of which neither state is wrong.
func onOrOff() []dashboard.ValueMapping { return words(word{"off", idle}, word{"on", good}) }

// yesIsBad names conditions that should not be.
func yesIsBad() []dashboard.ValueMapping { return words(word{"no", good}, word{"yes", bad}) }

// yesIsOdd names conditions that somebody should know of.
func yesIsOdd() []dashboard.ValueMapping { return words(word{"no", good}, word{"yes", warning}) }

// yesIsGood names conditions that should be.
func yesIsGood() []dashboard.ValueMapping { return words(word{"no", bad}, word{"yes", good}) }
