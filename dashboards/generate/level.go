package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
)

// The numbers are those of rules/alerts.yml, for readings without limits of the
// device itself.

// runtimeLevels are of the runtime of a battery in seconds.
func runtimeLevels() cog.Builder[dashboard.ThresholdsConfig] {
	return levels(bad, level{300, warning}, level{600, good})
}

// loadLevels are of loads, and of shares of a limit.
func loadLevels() cog.Builder[dashboard.ThresholdsConfig] {
	return levels(good, level{0.8, warning}, level{1, bad})
}

// loadColours are the same for a column.
func loadColours() []dashboard.DynamicConfigValue {
	return coloured(good, level{0.8, warning}, level{1, bad})
}

// temperatureLevels are of rooms and racks.
func temperatureLevels() cog.Builder[dashboard.ThresholdsConfig] {
	return levels(neutral, level{10, good}, level{32, warning}, level{40, bad})
}

// coloursOf sets the levels of a number.
func coloursOf(colours cog.Builder[dashboard.ThresholdsConfig]) func(*stat.PanelBuilder) {
	return func(b *stat.PanelBuilder) { b.Thresholds(colours) }
}

// statesOf names the values of a number.
func statesOf(states []dashboard.ValueMapping) func(*stat.PanelBuilder) {
	return func(b *stat.PanelBuilder) { b.Mappings(states) }
}

// namesOnly shows the names of the series that there are, not their values.
func namesOnly(b *stat.PanelBuilder) {
	b.TextMode(common.BigValueTextModeName).ColorMode(common.BigValueColorModeBackground)
}
