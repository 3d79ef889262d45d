package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// linkTo is the link to another dashboard that stands above the panels. It takes
// along what is chosen, except the device: it may not be one of the other kind.
func (b *board) linkTo(other *board) dashboard.DashboardLink {
	url := "/d/" + other.uid() + "?${datasource:queryparam}"
	if b.has("site") && other.has("site") {
		url += "&${job:queryparam}&${site:queryparam}&${instance:queryparam}"
	}
	link := dashboard.NewDashboardLink()
	link.Type, link.Icon = dashboard.DashboardLinkTypeLink, "dashboard"
	link.Title, link.Tooltip = other.title, other.text
	link.Url = &url
	link.KeepTime = true
	link.Placement = nil // above the panels, not in a menu
	return *link
}

// has reports whether the dashboard has a variable.
func (b *board) has(variable string) bool {
	for _, v := range b.variables {
		if v.Name == variable {
			return true
		}
	}
	return false
}

// cellLink is a link of a cell of a table.
type cellLink struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// toDevice is the link to the dashboard of the device in the same line of a
// table, which must have the columns instance and device.
func toDevice(name, title string) cellLink {
	return cellLink{
		Title: title,
		URL: "/d/power-" + name + "?${__url_time_range}&${datasource:queryparam}&${job:queryparam}&${site:queryparam}" +
			"&var-instance=${__data.fields.instance}&var-device=${__data.fields.device}",
	}
}

// toAny are the links to all dashboards of a device, whatever its kind.
func toAny() []cellLink {
	return []cellLink{
		toDevice("pdu", "As a PDU"),
		toDevice("ups", "As a UPS"),
		toDevice("energy", "Its energy"),
		toDevice("environment", "Its environment"),
	}
}
