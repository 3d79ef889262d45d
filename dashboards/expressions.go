package dashboards

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Expression is a query of a dashboard.
type Expression struct {
	Dashboard string // uid of the dashboard, as power-fleet
	Panel     string // title of the panel, or what else asks: "variable job", "annotation On battery"
	Ref       string // letter of the query within the panel
	Query     string // PromQL, with everything chosen
	Instant   bool   // whether the panel shows the newest values, and not a range of time
	Empty     string // why the demo may have no data for it; "" if it must have some
}

// Times are what Grafana would make of the time that a dashboard shows.
type Times struct {
	Range    time.Duration // the time that is shown
	Interval time.Duration // that of one point of a graph, and for rate()
}

// Expressions gives the queries of all panels, variables and annotations. Of
// each variable everything is chosen, and what is written by hand has its
// default. An error says which dashboard cannot be read.
func Expressions(times Times) ([]Expression, error) {
	all, err := boards()
	if err != nil {
		return nil, err
	}
	var expressions []Expression
	for _, b := range all {
		own, err := b.expressions(times)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", b.file, err)
		}
		expressions = append(expressions, own...)
	}
	return expressions, nil
}

// expressions gives those of one dashboard.
func (b *board) expressions(times Times) ([]Expression, error) {
	values := b.values(times)
	var all []Expression
	add := func(panel, ref, query string, instant bool) {
		all = append(all, Expression{
			Dashboard: b.UID, Panel: panel, Ref: ref, Query: fill(query, values), Instant: instant,
			Empty: empty[place{b.UID, panel, ref}],
		})
	}
	for _, v := range b.Templating.List {
		if v.Type != "query" {
			continue
		}
		m := labelValues.FindStringSubmatch(v.Definition)
		if m == nil {
			return nil, fmt.Errorf("the variable %s asks for %q, and not for label_values(series, label)", v.Name, v.Definition)
		}
		add("variable "+v.Name, "", "group by ("+m[2]+") ("+m[1]+")", true)
	}
	for _, a := range b.Annotations.List {
		add("annotation "+a.Name, "", a.Expr, false)
	}
	for _, p := range b.Panels {
		for _, t := range p.Targets {
			add(p.Title, t.Ref, t.Expr, t.Instant)
		}
	}
	return all, nil
}

var (
	labelValues = regexp.MustCompile(`(?s)^label_values\((.+), ([a-z_]+)\)$`)
	dollar      = regexp.MustCompile(`\$\{?([A-Za-z_]+)\}?`)
)

// values are what the variables stand for.
func (b *board) values(times Times) map[string]string {
	milliseconds := strconv.FormatInt(times.Interval.Milliseconds(), 10)
	values := map[string]string{
		"__range":         strconv.FormatInt(times.Range.Milliseconds(), 10) + "ms",
		"__range_s":       strconv.FormatInt(int64(times.Range.Seconds()), 10),
		"__interval":      milliseconds + "ms",
		"__interval_ms":   milliseconds,
		"__rate_interval": milliseconds + "ms",
	}
	for _, v := range b.Templating.List {
		switch v.Type {
		case "query":
			values[v.Name] = ".*"
		case "textbox":
			values[v.Name] = fmt.Sprint(v.Query)
		}
	}
	return values
}

// fill puts values in place of variables. A variable that is not defined stays,
// and no Prometheus takes it.
func fill(query string, values map[string]string) string {
	return dollar.ReplaceAllStringFunc(query, func(found string) string {
		if value, ok := values[dollar.FindStringSubmatch(found)[1]]; ok {
			return value
		}
		return found
	})
}
