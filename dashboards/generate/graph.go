package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// graph shows series over time. Series of limits, whose names end in a limit's,
// are dashed lines, series that end in nominal too.
func graph(a about, asks []ask, options ...func(*timeseries.PanelBuilder)) panel {
	b := timeseries.NewPanelBuilder().
		LineWidth(1).
		FillOpacity(5).
		ShowPoints(common.VisibilityModeNever).
		SpanNulls(common.BoolOrFloat64{Bool: new(false)}).
		ColorScheme(dashboard.NewFieldColorBuilder().Mode(dashboard.FieldColorModeIdPaletteClassicByName)).
		Legend(legend(common.LegendPlacementBottom, common.LegendDisplayModeList)).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderDescending)).
		OverrideByRegexp("/(low|high)_critical$/", dashed(bad)).
		OverrideByRegexp("/(low|high)_warning$/", dashed(warning)).
		OverrideByRegexp("/nominal$/", dashed(idle))
	for _, option := range options {
		option(b)
	}
	return finish(a, b, overTime(asks))
}

// legend names the series.
func legend(placement common.LegendPlacement, mode common.LegendDisplayMode, calcs ...string) *common.VizLegendOptionsBuilder {
	return common.NewVizLegendOptionsBuilder().ShowLegend(true).Placement(placement).DisplayMode(mode).Calcs(append([]string{}, calcs...))
}

// many makes room for the names of many series, the highest first.
func many(b *timeseries.PanelBuilder) {
	b.Legend(legend(common.LegendPlacementRight, common.LegendDisplayModeTable, "lastNotNull", "max").SortBy("Last *").SortDesc(true))
}

// fromZero begins the axis at zero, where that is the natural lower end.
func fromZero(b *timeseries.PanelBuilder) { b.AxisSoftMin(0) }

// coarse is for sums of all devices, which take their time.
func coarse(b *timeseries.PanelBuilder) { b.MaxDataPoints(100) }

// bars shows what has been added up in each hour, day or other interval.
func bars(interval string) func(*timeseries.PanelBuilder) {
	return func(b *timeseries.PanelBuilder) {
		b.Interval(interval).
			DrawStyle(common.GraphDrawStyleBars).
			BarAlignment(common.BarAlignmentBefore).
			FillOpacity(60).
			Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal).Group("A"))
	}
}

// stacked shows parts of a whole.
func stacked(b *timeseries.PanelBuilder) {
	b.FillOpacity(30).Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal).Group("A"))
}

// dashed is how a series of limits looks.
func dashed(colour string) []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{
		fixed(colour),
		{Id: "custom.lineStyle", Value: map[string]any{"fill": "dash", "dash": []int{8, 8}}},
		{Id: "custom.fillOpacity", Value: 0},
	}
}

// fixed is a colour that does not depend on the value.
func fixed(colour string) dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "color", Value: map[string]any{"mode": "fixed", "fixedColor": colour}}
}

// unitOf gives some series another unit.
func unitOf(names, unit string) func(*timeseries.PanelBuilder) {
	return func(b *timeseries.PanelBuilder) {
		b.OverrideByRegexp(names, []dashboard.DynamicConfigValue{{Id: "unit", Value: unit}})
	}
}

// last30Days shows a month, whatever time the dashboard shows.
func last30Days(b *timeseries.PanelBuilder) { b.TimeFrom("30d") }

// results have the colours of what they mean.
func results(b *timeseries.PanelBuilder) {
	b.OverrideByRegexp("/(success|accepted)$/", []dashboard.DynamicConfigValue{fixed(good)}).
		OverrideByRegexp("/refused$/", []dashboard.DynamicConfigValue{fixed(warning)}).
		OverrideByRegexp("/failure$/", []dashboard.DynamicConfigValue{fixed(bad)})
}
