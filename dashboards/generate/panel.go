package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/bargauge"
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	query "github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// about is what every panel says of itself.
type about struct {
	title, text   string
	empty         string // what stands there without data
	unit          string
	width, height uint32
}

// ask is a query, and what its series are called.
type ask struct{ expr, legend string }

// builder is what the builders of all kinds of panel have.
type builder[B any] interface {
	cog.Builder[dashboard.Panel]
	Title(title string) B
	Description(description string) B
	NoValue(noValue string) B
	Unit(unit string) B
	Decimals(decimals float64) B
	Datasource(datasource common.DataSourceRef) B
	Targets(targets []cog.Builder[variants.Dataquery]) B
}

// finish sets what panels of all kinds have.
func finish[B builder[B]](a about, b B, targets []cog.Builder[variants.Dataquery]) panel {
	b = b.Title(a.title).Description(a.text).NoValue(a.empty).Unit(a.unit).Datasource(prometheus()).Targets(targets)
	if a.unit == units.DurationSeconds {
		b = b.Decimals(1) // of which Grafana makes "1 hour, 50 minutes", and not "1 hour"
	}
	return panel{width: a.width, height: a.height, build: b.Build}
}

// overTime are queries over the time that is shown.
func overTime(asks []ask) []cog.Builder[variants.Dataquery] {
	return targets(asks, (*query.DataqueryBuilder).Range)
}

// now are queries for the newest values.
func now(asks []ask) []cog.Builder[variants.Dataquery] {
	return targets(asks, (*query.DataqueryBuilder).Instant)
}

// targets are queries with their letters.
func targets(asks []ask, kind func(*query.DataqueryBuilder) *query.DataqueryBuilder) []cog.Builder[variants.Dataquery] {
	var all []cog.Builder[variants.Dataquery]
	for i, a := range asks {
		q := query.NewDataqueryBuilder().RefId(letter(i)).Datasource(prometheus()).Expr(a.expr).EditorMode(query.QueryEditorModeCode)
		if a.legend != "" {
			q = q.LegendFormat(a.legend)
		}
		all = append(all, kind(q))
	}
	return all
}

// letter is the name of the query with a number.
func letter(i int) string { return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i : i+1] }

// number shows one value, or one for each series, in a colour by its level.
func number(a about, asks []ask, options ...func(*stat.PanelBuilder)) panel {
	b := stat.NewPanelBuilder().
		GraphMode(common.BigValueGraphModeNone).
		Orientation(common.VizOrientationAuto).
		ColorMode(common.BigValueColorModeValue).
		ReduceOptions(last()).
		Thresholds(levels(neutral))
	for _, option := range options {
		option(b)
	}
	return finish(a, b, now(asks))
}

// ranking shows the newest values as bars.
func ranking(a about, asks []ask, colours cog.Builder[dashboard.ThresholdsConfig]) panel {
	b := bargauge.NewPanelBuilder().
		Orientation(common.VizOrientationHorizontal).
		DisplayMode(common.BarGaugeDisplayModeBasic).
		ValueMode(common.BarGaugeValueModeColor).
		NamePlacement(common.BarGaugeNamePlacementLeft).
		ReduceOptions(last()).
		Min(0).
		Thresholds(colours)
	return finish(a, b, now(asks))
}

// timeline shows when something was in which state.
func timeline(a about, asks []ask, states []dashboard.ValueMapping) panel {
	b := statetimeline.NewPanelBuilder().
		ShowValue(common.VisibilityModeNever).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeSingle).Sort(common.SortOrderNone)).
		Legend(common.NewVizLegendOptionsBuilder().ShowLegend(true).DisplayMode(common.LegendDisplayModeList).Placement(common.LegendPlacementBottom)).
		Mappings(states).
		FillOpacity(80).
		PerPage(20)
	return finish(a, b, overTime(asks))
}

// last reduces a series to its last value.
func last() cog.Builder[common.ReduceDataOptions] {
	return common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})
}
