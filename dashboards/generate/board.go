package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// tag is on every dashboard of this project.
const tag = "power_exporter"

// board is a dashboard.
type board struct {
	name        string // of the file, and of the uid
	title, text string
	from        string // beginning of the time that is shown at first
	variables   []dashboard.VariableModel
	annotations []dashboard.AnnotationQuery
	rows        []row
}

// row is a line with a title, and the panels below it.
type row struct {
	title  string
	repeat string // the variable for each value of which the row is there once
	panels []panel
}

// panel is a panel without its place, and its size in Grafana's grid, which is
// 24 wide.
type panel struct {
	width, height uint32
	build         func() (dashboard.Panel, error)
}

// file is the file's name.
func (b *board) file() string { return b.name + ".json" }

// uid is what other dashboards and bookmarks find it by.
func (b *board) uid() string { return "power-" + b.name }

// encode makes the JSON, with links to the other dashboards. Its form is the
// classic one, which every Grafana from version 10 on imports and provisions.
// Its successor, dashboardv2, needs a newer one.
func (b *board) encode(all []board) ([]byte, error) {
	d := dashboard.NewDashboard()
	d.Uid, d.Title, d.Description = new(b.uid()), &b.title, &b.text
	d.Tags = []string{tag}
	d.GraphTooltip = new(dashboard.DashboardCursorSyncCrosshair)
	d.Time = &dashboard.DashboardDashboardTime{From: "now-" + b.from, To: "now"}
	d.Refresh = new("1m")
	d.Templating.List = b.variables
	d.Annotations.List = b.annotations
	for _, other := range all {
		if other.name != b.name {
			d.Links = append(d.Links, b.linkTo(&other))
		}
	}
	panels, err := arrange(b.rows)
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", b.file(), err)
	}
	d.Panels = panels
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(d); err != nil {
		return nil, fmt.Errorf("encoding %s: %w", b.file(), err)
	}
	return text.Bytes(), nil
}

// arrange gives every panel its number and its place: from left to right, and
// below what is there.
func arrange(rows []row) ([]dashboard.PanelOrRowPanel, error) {
	var (
		placed []dashboard.PanelOrRowPanel
		id, y  uint32
	)
	for _, r := range rows {
		id++
		placed = append(placed, r.line(id, y))
		y++
		x, tallest := uint32(0), uint32(0)
		for _, p := range r.panels {
			if x+p.width > 24 {
				x, y, tallest = 0, y+tallest, 0
			}
			built, err := p.build()
			if err != nil {
				return nil, err
			}
			id++
			built.Id = new(id)
			built.GridPos = &dashboard.GridPos{X: x, Y: y, W: p.width, H: p.height}
			placed = append(placed, dashboard.PanelOrRowPanel{Panel: &built})
			x, tallest = x+p.width, max(tallest, p.height)
		}
		y += tallest
	}
	return placed, nil
}

// line is the row's own line.
func (r *row) line(id, y uint32) dashboard.PanelOrRowPanel {
	line := dashboard.NewRowPanel()
	line.Id, line.Title = id, &r.title
	line.GridPos = &dashboard.GridPos{X: 0, Y: y, W: 24, H: 1}
	if r.repeat != "" {
		line.Repeat = &r.repeat
	}
	return dashboard.PanelOrRowPanel{RowPanel: line}
}
