package main

import (
	"maps"
	"slices"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	query "github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/units"
)

// column is a column of a table: a label, or the values of a query. Lines of
// queries that have the same labels become one line.
type column struct {
	header     string // "" does not show it
	label      string
	expr       string
	properties []dashboard.DynamicConfigValue
}

// label is a column of a label.
func label(header, label string, properties ...dashboard.DynamicConfigValue) column {
	return column{header: header, label: label, properties: properties}
}

// values is a column of values.
func values(header, unit, expr string, properties ...dashboard.DynamicConfigValue) column {
	own := []dashboard.DynamicConfigValue{{Id: "unit", Value: unit}}
	if unit == units.DurationSeconds {
		own = append(own, decimals(1))
	}
	return column{header: header, expr: expr, properties: append(own, properties...)}
}

// labelsOf adds the labels of a query, whose values say nothing.
func labelsOf(expr string) column { return column{expr: expr} }

// deviceColumns are the columns that say which device, with links to it if any.
func deviceColumns(links ...cellLink) []column {
	properties := []dashboard.DynamicConfigValue{width(150)}
	if len(links) > 0 {
		properties = append(properties, linked(links...))
	}
	return []column{label("Device", "device", properties...), label("Target", "instance", width(130))}
}

// sheet shows the newest values in columns. The first header after a minus or a
// plus sign is what lines are sorted by, downwards or upwards.
func sheet(a about, sortBy string, columns ...column) panel {
	var (
		asks    []ask
		shown   []string
		headers = map[string]any{}
		order   = map[string]any{}
	)
	queries := 0
	for _, c := range columns {
		if c.expr != "" {
			queries++
		}
	}
	b := table.NewPanelBuilder().
		CellHeight(common.TableCellHeightSm).
		MaxDataPoints(150). // for those that look back over the time that is shown
		Footer(common.NewTableFooterOptionsBuilder().Show(false).Reducer([]string{}).EnablePagination(true)).
		OverrideByRegexp("/.*/", []dashboard.DynamicConfigValue{{Id: "noValue", Value: "–"}})
	for _, c := range columns {
		field := c.label
		if c.expr != "" {
			field = "Value"
			if queries > 1 {
				field += " #" + letter(len(asks))
			}
			asks = append(asks, ask{expr: c.expr})
		}
		if c.header == "" {
			continue
		}
		headers[field], order[field] = c.header, len(shown)
		shown = append(shown, field)
		if len(c.properties) > 0 {
			b.OverrideByName(c.header, c.properties)
		}
	}
	b.SortBy([]cog.Builder[common.TableSortByFieldState]{
		common.NewTableSortByFieldStateBuilder().DisplayName(sortBy[1:]).Desc(sortBy[0] == '-'),
	})
	for _, t := range []dashboard.DataTransformerConfig{
		{Id: "merge", Options: map[string]any{}},
		{Id: "filterFieldsByName", Options: map[string]any{"include": map[string]any{"names": slices.Sorted(maps.Keys(headers))}}},
		{Id: "organize", Options: map[string]any{"excludeByName": map[string]any{}, "indexByName": order, "renameByName": headers}},
	} {
		b.WithTransformation(t)
	}
	queriesNow := now(asks)
	for _, q := range queriesNow {
		q.(*query.DataqueryBuilder).Format(query.PromQueryFormatTable)
	}
	return finish(a, b, queriesNow)
}

// width is the width of a column in pixels.
func width(pixels int) dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "custom.width", Value: pixels}
}

// decimals is how many there are of the values of a column.
func decimals(n int) dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "decimals", Value: n}
}

// linked are links of the cells of a column.
func linked(links ...cellLink) dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "links", Value: links}
}

// named gives the values of a column names, in their colours.
func named(states []dashboard.ValueMapping) []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{
		{Id: "mappings", Value: states},
		{Id: "custom.cellOptions", Value: map[string]any{"type": "color-text"}},
	}
}

// coloured gives the values of a column colours by their level.
func coloured(base string, above ...level) []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{
		{Id: "thresholds", Value: map[string]any{"mode": "absolute", "steps": steps(base, above)}},
		{Id: "custom.cellOptions", Value: map[string]any{"type": "color-text"}},
	}
}
