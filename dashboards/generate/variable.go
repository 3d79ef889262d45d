package main

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// prometheus is where all queries go: the data source that is chosen above the
// panels.
func prometheus() common.DataSourceRef {
	return common.DataSourceRef{Type: new("prometheus"), Uid: new("${datasource}")}
}

// variables are those of every dashboard, and more.
func variables(more ...dashboard.VariableModel) []dashboard.VariableModel {
	const up = "power_device_up"
	return append([]dashboard.VariableModel{
		datasource(),
		labelValues("job", "Job", "The job of the scrape configuration.", every.narrowed(up, 0), orAll),
		labelValues("site", "Site", "The label site, if the scrape configuration has one.", every.narrowed(up, 1), orAll),
		labelValues("instance", "Target", "What was probed, or the exporter that devices push to.", every.narrowed(up, 2), orAll),
	}, more...)
}

// datasource is the variable for the Prometheus.
func datasource() dashboard.VariableModel {
	return dashboard.VariableModel{
		Type:        dashboard.VariableTypeDatasource,
		Name:        "datasource",
		Label:       new("Data source"),
		Description: new("The Prometheus that scrapes the exporter."),
		Query:       &dashboard.StringOrMap{String: new("prometheus")},
		Refresh:     new(dashboard.VariableRefreshOnDashboardLoad),
	}
}

// device is the variable for devices of a kind, a regular expression.
func device(kind string, choice choice) dashboard.VariableModel {
	series := every.of("power_device_info", `kind=~"`+kind+`"`)
	if kind == "" {
		series = every.of("power_device_up")
	}
	return labelValues("device", "Device", "The device's own stable id. Its name is in the tables.", series, choice)
}

// choice is what can be chosen of a variable.
type choice int

const (
	one    choice = iota // one, or several, but not all with a click
	orAll                // also all, even what does not have the label
	listed               // also all, but only those that are listed
)

// labelValues is a variable for the values of a label of some series.
func labelValues(label, title, text, series string, choice choice) dashboard.VariableModel {
	query := "label_values(" + series + ", " + label + ")"
	v := dashboard.VariableModel{
		Type:        dashboard.VariableTypeQuery,
		Name:        label,
		Label:       &title,
		Description: &text,
		Datasource:  new(prometheus()),
		Definition:  &query,
		Query: &dashboard.StringOrMap{Map: map[string]any{
			"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery",
		}},
		Refresh:    new(dashboard.VariableRefreshOnTimeRangeChanged),
		Sort:       new(dashboard.VariableSortNaturalAsc),
		Multi:      new(true),
		IncludeAll: new(choice != one),
	}
	if choice == orAll {
		v.AllValue = new(".*")
	}
	if choice != one {
		v.Current = &dashboard.VariableOption{
			Selected: new(true),
			Text:     dashboard.StringOrArrayOfString{ArrayOfString: []string{"All"}},
			Value:    dashboard.StringOrArrayOfString{ArrayOfString: []string{"$__all"}},
		}
	}
	return v
}

// text is a variable that is written by hand.
func text(name, title, text, value string) dashboard.VariableModel {
	option := dashboard.VariableOption{
		Selected: new(true),
		Text:     dashboard.StringOrArrayOfString{String: &value},
		Value:    dashboard.StringOrArrayOfString{String: &value},
	}
	return dashboard.VariableModel{
		Type:        dashboard.VariableTypeTextbox,
		Name:        name,
		Label:       &title,
		Description: &text,
		Query:       &dashboard.StringOrMap{String: &value},
		Current:     &option,
		Options:     []dashboard.VariableOption{option},
	}
}
