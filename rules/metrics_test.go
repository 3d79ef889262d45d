package rules

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/VictoriaMetrics/metricsql"
)

// selector is what an expression says of series.
type selector struct {
	metric string
	regexp bool              // metric is a regular expression
	labels map[string]string // of the other matchers, with what they compare with
}

// selects reports whether it may select series of a metric.
func (s *selector) selects(metric string) bool {
	if !s.regexp {
		return s.metric == metric
	}
	return regexp.MustCompile("^(?:" + s.metric + ")$").MatchString(metric)
}

// selectors are those of an expression, of which a series with its labels is the
// simplest.
func selectors(t *testing.T, expr string) []selector {
	t.Helper()
	parsed, err := metricsql.Parse(expr)
	if err != nil {
		t.Fatalf("%v, in the expression\n%s", err, expr)
	}
	var found []selector
	metricsql.VisitAll(parsed, func(e metricsql.Expr) {
		m, ok := e.(*metricsql.MetricExpr)
		if !ok {
			return
		}
		for _, filters := range m.LabelFilterss {
			s := selector{labels: map[string]string{}}
			for _, f := range filters {
				if f.Label == "__name__" {
					s.metric, s.regexp = f.Value, f.IsRegexp
				} else {
					s.labels[f.Label] = f.Value
				}
			}
			found = append(found, s)
		}
	})
	return found
}

// groupings are the labels by which an expression groups and joins.
func groupings(t *testing.T, expr string) []string {
	t.Helper()
	parsed, err := metricsql.Parse(expr)
	if err != nil {
		t.Fatalf("%v, in the expression\n%s", err, expr)
	}
	var found []string
	metricsql.VisitAll(parsed, func(e metricsql.Expr) {
		switch e := e.(type) {
		case *metricsql.AggrFuncExpr:
			found = append(found, e.Modifier.Args...)
		case *metricsql.BinaryOpExpr:
			found = slices.Concat(found, e.GroupModifier.Args, e.JoinModifier.Args)
		}
	})
	return found
}

var (
	metricRow = regexp.MustCompile("(?m)^\\| `([a-z_:]+)` \\| [a-z]+ \\| ([^|]*) \\|")
	code      = regexp.MustCompile("`([^`]+)`")
)

// reference is the labels of each metric that there is: of METRICS.md, of what
// is recorded, and of Prometheus itself. The labels of the latter two are nil,
// and so any.
func reference(t *testing.T) map[string][]string {
	t.Helper()
	known := map[string][]string{"up": nil, "scrape_duration_seconds": nil, "ALERTS": nil}
	rows := metricRow.FindAllStringSubmatch(read(t, "../METRICS.md"), -1)
	if len(rows) < 100 {
		t.Fatalf("found only %d metrics in METRICS.md", len(rows))
	}
	for _, row := range rows {
		labels := []string{}
		for _, m := range code.FindAllStringSubmatch(row[2], -1) {
			labels = append(labels, m[1])
		}
		known[row[1]] = labels
	}
	for _, file := range []string{"recording.yml", "examples/thresholds.yml"} {
		for _, r := range readRules(t, file) {
			known[r.Record] = nil
		}
	}
	return known
}

var (
	ofTarget = []string{"job", "instance", "site"} // labels that the scrape configuration adds
	ofRule   = []string{"severity", "alertname"}   // that a threshold and an alert have
)

// check finds metrics that do not exist, labels that they do not have, and
// groupings by labels that nothing has.
func check(t *testing.T, known map[string][]string, where, expr string) {
	t.Helper()
	for _, label := range groupings(t, expr) {
		if !slices.ContainsFunc(slices.Collect(maps.Values(known)), func(labels []string) bool { return slices.Contains(labels, label) }) &&
			!slices.Contains(ofTarget, label) && !slices.Contains(ofRule, label) {
			t.Errorf("%s: there is no label %s to group by", where, label)
		}
	}
	for _, s := range selectors(t, expr) {
		var labels []string
		exists, anyLabel := false, false
		for metric, own := range known {
			if s.selects(metric) {
				exists, anyLabel, labels = true, anyLabel || own == nil, append(labels, own...)
			}
		}
		if !exists {
			t.Errorf("%s: there is no metric %s", where, s.metric)
			continue
		}
		for label := range s.labels {
			if !anyLabel && !slices.Contains(labels, label) && !slices.Contains(ofTarget, label) {
				t.Errorf("%s: %s has no label %s", where, s.metric, label)
			}
		}
	}
}

// TestMetricsOfRules finds metrics and labels in rules and their tests that do
// not exist.
func TestMetricsOfRules(t *testing.T) {
	t.Parallel()
	known := reference(t)
	for _, file := range append(files(t, "*.yml"), files(t, "examples/*.yml")...) {
		for _, r := range readRules(t, file) {
			check(t, known, file+": "+r.name(), r.Expr)
		}
	}
	for _, c := range testCases(t) {
		for _, s := range c.Series {
			check(t, known, "the case "+c.Name, s.Series)
		}
		for _, e := range c.Exprs {
			check(t, known, "the case "+c.Name, e.Expr)
		}
	}
}

var promql = regexp.MustCompile("(?ms)^```promql\n(.*?)^```$")

// TestMetricsOfDocuments finds metrics and labels in the queries of the runbooks
// and of the README that do not exist. A query is a line.
func TestMetricsOfDocuments(t *testing.T) {
	t.Parallel()
	known := reference(t)
	for _, file := range append(files(t, "../docs/runbooks/*.md"), "README.md") {
		for _, block := range promql.FindAllStringSubmatch(read(t, file), -1) {
			for query := range strings.Lines(block[1]) {
				check(t, known, file, query)
			}
		}
	}
}
