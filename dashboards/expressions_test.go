package dashboards

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metricsql"
	"gopkg.in/yaml.v3"
)

// expressions are those of all dashboards.
func expressions(t *testing.T) []Expression {
	t.Helper()
	found, err := Expressions(Times{Range: time.Hour, Interval: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 200 {
		t.Fatalf("found only %d expressions", len(found))
	}
	return found
}

// name is how an expression is called in messages.
func (e *Expression) name() string { return e.Dashboard + ", " + e.Panel + ", " + e.Ref }

// TestFill puts values in place of variables.
func TestFill(t *testing.T) {
	t.Parallel()
	b := board{}
	b.Templating.List = []variable{
		{Name: "datasource", Type: "datasource", Query: "prometheus"},
		{Name: "job", Type: "query", Definition: "label_values(up, job)"},
		{Name: "price", Type: "textbox", Query: "0.30"},
	}
	values := b.values(Times{Range: 90 * time.Second, Interval: 1500 * time.Millisecond})
	for query, want := range map[string]string{
		`up{job=~"$job"}`:               `up{job=~".*"}`,
		`up{job=~"${job}"} * $price`:    `up{job=~".*"} * 0.30`,
		`rate(x[$__rate_interval])`:     `rate(x[1500ms])`,
		`increase(x[$__range])`:         `increase(x[90000ms])`,
		`x[$__range:$__interval]`:       `x[90000ms:1500ms]`,
		`x * $__interval_ms`:            `x * 1500`,
		`x / $__range_s`:                `x / 90`,
		`$jobs + $datasource + {{job}}`: `$jobs + $datasource + {{job}}`,
	} {
		if got := fill(query, values); got != want {
			t.Errorf("%s: %s, not %s", query, got, want)
		}
	}
}

// TestVariableQuery refuses a variable of which nothing can be asked.
func TestVariableQuery(t *testing.T) {
	t.Parallel()
	b := board{}
	b.Templating.List = []variable{{Name: "job", Type: "query", Definition: "metrics(.*)"}}
	_, err := b.expressions(Times{})
	if want := `the variable job asks for "metrics(.*)", and not for label_values(series, label)`; err == nil || err.Error() != want {
		t.Errorf("%v, not %s", err, want)
	}
	b.Templating.List[0].Definition = `label_values(up{job="a"}, instance)`
	got, err := b.expressions(Times{})
	if want := []Expression{{Panel: "variable job", Query: `group by (instance) (up{job="a"})`, Instant: true}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v, not %+v", got, err, want)
	}
}

// TestVariables finds variables that are used and not defined, and such that
// nothing uses.
func TestVariables(t *testing.T) {
	t.Parallel()
	for _, e := range expressions(t) {
		if found := dollar.FindString(e.Query); found != "" {
			t.Errorf("%s: %s is not defined", e.name(), found)
		}
	}
	for _, b := range all(t) {
		text, err := files.ReadFile(b.file)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range b.Templating.List {
			if v.Label == "" || v.Description == "" {
				t.Errorf("%s: the variable %s does not say what it is", b.file, v.Name)
			}
			if !regexp.MustCompile(`\$\{?` + v.Name + `\b`).Match(text) {
				t.Errorf("%s: nothing uses the variable %s", b.file, v.Name)
			}
		}
		for _, p := range b.Panels {
			if p.Repeat != "" && !slices.ContainsFunc(b.Templating.List, func(v variable) bool { return v.Name == p.Repeat }) {
				t.Errorf("%s: the row %s is repeated by %s, which is no variable", b.file, p.Title, p.Repeat)
			}
		}
	}
}

// TestPromtool has Prometheus' own parser read all expressions.
func TestPromtool(t *testing.T) {
	t.Parallel()
	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	type group struct {
		Name  string `yaml:"name"`
		Rules []rule `yaml:"rules"`
	}
	var groups []group
	for _, e := range expressions(t) {
		groups = append(groups, group{Name: e.name(), Rules: []rule{{Record: "x", Expr: e.Query}}})
	}
	text, err := yaml.Marshal(map[string]any{"groups": groups})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "expressions.yml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal(`the program promtool is missing: it is in the Debian package prometheus, which "make test" installs`)
	}
	if output, err := exec.CommandContext(t.Context(), path, "check", "rules", "--lint=none", file).CombinedOutput(); err != nil {
		t.Errorf("promtool: %v\n%s", err, output)
	}
}

var (
	metricRow = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([a-z]+) \\| ([^|]*) \\|")
	code      = regexp.MustCompile("`([^`]+)`")
)

// ofOthers are metrics of Prometheus, and of every process in Go.
var ofOthers = []string{
	"up", "ALERTS", "scrape_samples_scraped",
	"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "go_memstats_heap_inuse_bytes", "go_goroutines",
}

// ofTargets are labels that come from the scrape configuration.
var ofTargets = []string{"job", "instance", "site"}

// reference is the labels of each metric of METRICS.md.
func reference(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for _, row := range metricRow.FindAllStringSubmatch(string(text), -1) {
		labels := []string{}
		for _, m := range code.FindAllStringSubmatch(row[3], -1) {
			labels = append(labels, m[1])
		}
		names := []string{row[1]}
		if row[2] == "histogram" {
			names, labels = []string{row[1] + "_bucket", row[1] + "_sum", row[1] + "_count"}, append(labels, "le")
		}
		for _, name := range names {
			known[name] = labels
		}
	}
	if len(known) < 200 {
		t.Fatalf("found only %d metrics in METRICS.md", len(known))
	}
	return known
}

// TestMetrics finds metrics in expressions that do not exist, and labels that
// they do not have.
func TestMetrics(t *testing.T) {
	t.Parallel()
	known := reference(t)
	labels := slices.Concat(ofTargets, []string{"alertname", "severity", "what"})
	for _, own := range known {
		labels = append(labels, own...)
	}
	for _, e := range expressions(t) {
		parsed, err := metricsql.Parse(e.Query)
		if err != nil {
			t.Errorf("%s: %v", e.name(), err)
			continue
		}
		metricsql.VisitAll(parsed, func(part metricsql.Expr) {
			switch part := part.(type) {
			case *metricsql.MetricExpr:
				checkSelector(t, known, e.name(), part)
			case *metricsql.AggrFuncExpr:
				checkLabels(t, e.name(), labels, part.Modifier.Args)
			case *metricsql.BinaryOpExpr:
				checkLabels(t, e.name(), labels, part.GroupModifier.Args)
				checkLabels(t, e.name(), labels, part.JoinModifier.Args)
			}
		})
	}
}

func checkLabels(t *testing.T, where string, known, used []string) {
	t.Helper()
	for _, label := range used {
		if !slices.Contains(known, label) {
			t.Errorf("%s: nothing has the label %s", where, label)
		}
	}
}

// checkSelector finds metrics that a selector means and that do not exist.
func checkSelector(t *testing.T, known map[string][]string, where string, selector *metricsql.MetricExpr) {
	t.Helper()
	for _, filters := range selector.LabelFilterss {
		var metrics, matched []string
		for _, f := range filters {
			if f.Label != "__name__" {
				matched = append(matched, f.Label)
				continue
			}
			if slices.Contains(ofOthers, f.Value) {
				return
			}
			// Both halves of a|b must mean something.
			for name := range strings.SplitSeq(f.Value, "|") {
				if !f.IsRegexp || !strings.ContainsAny(f.Value, "()") {
					metrics = append(metrics, name)
				}
			}
			if len(metrics) == 0 {
				metrics = append(metrics, f.Value)
			}
		}
		var labels []string
		for _, metric := range metrics {
			pattern, found := regexp.MustCompile("^(?:"+metric+")$"), false
			for name, own := range known {
				if pattern.MatchString(name) {
					found, labels = true, append(labels, own...)
				}
			}
			if !found {
				t.Errorf("%s: there is no metric %s", where, metric)
			}
		}
		checkLabels(t, where, slices.Concat(ofTargets, labels), matched)
	}
}

// TestLegends finds labels in the names of series that no metric has.
func TestLegends(t *testing.T) {
	t.Parallel()
	labels := slices.Clone(ofTargets)
	for _, own := range reference(t) {
		labels = append(labels, own...)
	}
	inLegend := regexp.MustCompile(`\{\{([^}]*)\}\}`)
	for _, b := range all(t) {
		for _, p := range b.Panels {
			for _, q := range p.Targets {
				var used []string
				for _, m := range inLegend.FindAllStringSubmatch(q.Legend, -1) {
					used = append(used, m[1])
				}
				checkLabels(t, b.file+": "+p.Title, labels, used)
				if p.Type != "table" && q.Legend == "" && p.Type != "stat" {
					t.Errorf("%s: %s: the series of query %s have no names", b.file, p.Title, q.Ref)
				}
			}
		}
	}
}

// TestEmpty finds queries that are excused and not there.
func TestEmpty(t *testing.T) {
	t.Parallel()
	found := 0
	for _, e := range expressions(t) {
		if e.Empty != "" {
			found++
		}
	}
	if found != len(empty) {
		t.Errorf("%d queries may be empty, but only %d of them are there", len(empty), found)
	}
}

// TestLinks follows the links between dashboards, and looks for the variables
// that they set.
func TestLinks(t *testing.T) {
	t.Parallel()
	variables := map[string][]string{}
	boards := all(t)
	for _, b := range boards {
		for _, v := range b.Templating.List {
			variables[b.UID] = append(variables[b.UID], v.Name)
		}
	}
	url := regexp.MustCompile(`^/d/([a-z-]+)\?(.*)$`)
	set := regexp.MustCompile(`\$\{([a-z]+):queryparam\}|var-([a-z]+)=`)
	follow := func(b *board, from, to string) {
		m := url.FindStringSubmatch(to)
		if m == nil || variables[m[1]] == nil {
			t.Errorf("%s: %s leads nowhere: %s", b.file, from, to)
			return
		}
		for _, s := range set.FindAllStringSubmatch(m[2], -1) {
			if !slices.Contains(variables[m[1]], s[1]+s[2]) {
				t.Errorf("%s: %s sets %s, which %s does not have", b.file, from, s[1]+s[2], m[1])
			}
			if s[1] != "" && !slices.Contains(variables[b.UID], s[1]) {
				t.Errorf("%s: %s passes %s on, which is not there", b.file, from, s[1])
			}
		}
	}
	inCell := regexp.MustCompile(`"url":\s*"([^"]*)"`)
	for _, b := range boards {
		if len(b.Links) != len(boards)-1 {
			t.Errorf("%s has %d links", b.file, len(b.Links))
		}
		for _, l := range b.Links {
			follow(&b, "the link "+l.Title, l.URL)
		}
		for _, p := range b.Panels {
			for _, o := range p.FieldConfig.Overrides {
				for _, property := range o.Properties {
					for _, m := range inCell.FindAllStringSubmatch(string(property.Value), -1) {
						follow(&b, "a link of "+p.Title, m[1])
					}
				}
			}
		}
	}
}
