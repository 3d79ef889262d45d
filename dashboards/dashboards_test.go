package dashboards

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// all are the dashboards, of which there are six.
func all(t *testing.T) []board {
	t.Helper()
	found, err := boards()
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 6 {
		t.Fatalf("there are %d dashboards, not 6", len(found))
	}
	return found
}

// isRow reports whether a panel is the line of a row.
func (p *panel) isRow() bool { return p.Type == "row" }

// TestUnique finds uids and titles of dashboards that are there twice, and
// numbers and titles of panels that a dashboard has twice.
func TestUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	once := func(what string) {
		t.Helper()
		if seen[what] {
			t.Errorf("%s is there twice", what)
		}
		seen[what] = true
	}
	for _, b := range all(t) {
		if want := "power-" + strings.TrimSuffix(b.file, ".json"); b.UID != want {
			t.Errorf("%s: the uid is %q, not %q", b.file, b.UID, want)
		}
		if b.Description == "" {
			t.Errorf("%s has no description", b.file)
		}
		once("the uid " + b.UID)
		once("the title " + b.Title)
		numbers, titles := map[int]bool{}, map[string]bool{}
		for _, p := range b.Panels {
			if p.ID == 0 || numbers[p.ID] {
				t.Errorf("%s: panel %q has no number of its own: %d", b.file, p.Title, p.ID)
			}
			numbers[p.ID] = true
			// A row may be called as its only panel.
			if p.isRow() {
				continue
			}
			if p.Title == "" || titles[p.Title] {
				t.Errorf("%s: panel %d has no title of its own: %q", b.file, p.ID, p.Title)
			}
			titles[p.Title] = true
		}
	}
}

// TestPlaces finds panels that overlap, or are beyond the 24 columns.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, b := range all(t) {
		taken := map[[2]int]string{}
		for _, p := range b.Panels {
			at := p.Place
			if at.W <= 0 || at.H <= 0 || at.X < 0 || at.X+at.W > 24 {
				t.Errorf("%s: panel %q has the place %+v", b.file, p.Title, at)
			}
			for x := at.X; x < at.X+at.W; x++ {
				for y := at.Y; y < at.Y+at.H; y++ {
					if other, ok := taken[[2]int{x, y}]; ok {
						t.Fatalf("%s: the panels %q and %q overlap", b.file, other, p.Title)
					}
					taken[[2]int{x, y}] = p.Title
				}
			}
		}
	}
}

// TestPanels finds panels that do not say what they show, in which unit, and why
// they may be empty, and queries that go elsewhere than to the data source that
// was chosen.
func TestPanels(t *testing.T) {
	t.Parallel()
	for _, b := range all(t) {
		for _, p := range b.Panels {
			if p.isRow() {
				continue
			}
			name := b.file + ": " + p.Title
			if !strings.HasSuffix(p.Description, ".") {
				t.Errorf("%s: the description is %q", name, p.Description)
			}
			if p.FieldConfig.Defaults.Unit == "" {
				t.Errorf("%s has no unit", name)
			}
			if p.FieldConfig.Defaults.NoValue == "" {
				t.Errorf("%s does not say why it may be empty", name)
			}
			if p.Datasource.UID != "${datasource}" {
				t.Errorf("%s: the data source is %q", name, p.Datasource.UID)
			}
			if len(p.Targets) == 0 {
				t.Errorf("%s asks nothing", name)
			}
			refs := map[string]bool{}
			for _, q := range p.Targets {
				if q.Ref == "" || refs[q.Ref] {
					t.Errorf("%s: a query has no letter of its own: %q", name, q.Ref)
				}
				refs[q.Ref] = true
				if q.Instant == q.Range {
					t.Errorf("%s: query %s must ask either for the newest values or for a range", name, q.Ref)
				}
				if overTime := p.Type == "timeseries" || p.Type == "state-timeline"; q.Range != overTime {
					t.Errorf("%s: query %s of a %s asks for a range: %t", name, q.Ref, p.Type, q.Range)
				}
				if (q.Format == "table") != (p.Type == "table") {
					t.Errorf("%s: query %s of a %s has the format %q", name, q.Ref, p.Type, q.Format)
				}
			}
		}
	}
}

// TestColumns finds columns of tables that nothing fills, and sorting, looks and
// links that are of no column.
func TestColumns(t *testing.T) {
	t.Parallel()
	for _, b := range all(t) {
		for _, p := range b.Panels {
			if p.Type != "table" {
				continue
			}
			name := b.file + ": " + p.Title
			fields, headers := p.columns(t)
			for i, field := range fields {
				ref, isValue := strings.CutPrefix(field, "Value")
				ref = strings.TrimPrefix(ref, " #")
				if isValue && len(p.Targets) == 1 && ref == "" {
					continue
				}
				if isValue && !slices.ContainsFunc(p.Targets, func(q target) bool { return q.Ref == ref }) {
					t.Errorf("%s: nothing fills the column %q (%s)", name, headers[i], field)
				}
				if !isValue && !strings.Contains(p.asks(), field) {
					t.Errorf("%s: no query names the label %q", name, field)
				}
			}
			if by := p.Options.SortBy; len(by) != 1 || !slices.Contains(headers, by[0].DisplayName) {
				t.Errorf("%s is sorted by %v, which is no column", name, by)
			}
			for _, o := range p.FieldConfig.Overrides {
				if o.Matcher.ID == "byName" && !slices.Contains(headers, o.Matcher.Options) {
					t.Errorf("%s: the column %q is not there", name, o.Matcher.Options)
				}
				for _, property := range o.Properties {
					for _, m := range cellField.FindAllStringSubmatch(string(property.Value), -1) {
						if !slices.Contains(fields, m[1]) {
							t.Errorf("%s: a link needs the column %q", name, m[1])
						}
					}
				}
			}
		}
	}
}

// columns are the fields of a table that are shown, and what they are called.
func (p *panel) columns(t *testing.T) (fields, headers []string) {
	t.Helper()
	var steps []string
	for _, step := range p.Transformations {
		steps = append(steps, step.ID)
	}
	if want := []string{"merge", "filterFieldsByName", "organize"}; !slices.Equal(steps, want) {
		t.Fatalf("the table %q is made by %q, not %q", p.Title, steps, want)
	}
	rename := p.Transformations[2].Options
	for _, field := range p.Transformations[1].Options.Include.Names {
		if rename.Rename[field] == "" {
			t.Errorf("the table %q shows %s without a name", p.Title, field)
		}
		if _, ok := rename.Index[field]; !ok {
			t.Errorf("the table %q has no place for %s", p.Title, field)
		}
		fields, headers = append(fields, field), append(headers, rename.Rename[field])
	}
	if len(rename.Rename) != len(fields) || len(rename.Index) != len(fields) {
		t.Errorf("the table %q names columns that it does not show", p.Title)
	}
	return fields, headers
}

// asks are all queries of a panel.
func (p *panel) asks() string {
	var all strings.Builder
	for _, q := range p.Targets {
		all.WriteString(q.Expr + "\n")
	}
	return all.String()
}

var cellField = regexp.MustCompile(`\$\{__data\.fields\.([a-z_]+)\}`)

// properties are those that overrides may set, with an example of a value: a
// name that Grafana does not know would be ignored without a word.
var properties = map[string]any{
	"unit":               "",
	"noValue":            "",
	"decimals":           0.0,
	"custom.width":       0.0,
	"custom.fillOpacity": 0.0,
	"color":              map[string]any{},
	"custom.lineStyle":   map[string]any{},
	"custom.cellOptions": map[string]any{},
	"thresholds":         map[string]any{},
	"mappings":           []any{},
	"links":              []any{},
}

// TestOverrides finds properties that Grafana does not know, and names of series
// that are no regular expressions.
func TestOverrides(t *testing.T) {
	t.Parallel()
	for _, b := range all(t) {
		for _, p := range b.Panels {
			for _, o := range p.FieldConfig.Overrides {
				switch o.Matcher.ID {
				case "byName":
				case "byRegexp":
					pattern := strings.TrimSuffix(strings.TrimPrefix(o.Matcher.Options, "/"), "/")
					if _, err := regexp.Compile(pattern); err != nil || len(pattern) != len(o.Matcher.Options)-2 {
						t.Errorf("%s: %s: %q is no regular expression between slashes: %v", b.file, p.Title, o.Matcher.Options, err)
					}
				default:
					t.Errorf("%s: %s: there is no matcher %q", b.file, p.Title, o.Matcher.ID)
				}
				for _, property := range o.Properties {
					want, ok := properties[property.ID]
					if !ok {
						t.Errorf("%s: %s: %q is no property", b.file, p.Title, property.ID)
						continue
					}
					var value any
					if err := json.Unmarshal(property.Value, &value); err != nil || kind(value) != kind(want) {
						t.Errorf("%s: %s: the property %q is %s: %v", b.file, p.Title, property.ID, property.Value, err)
					}
				}
			}
		}
	}
}

// kind is the kind of a value of JSON.
func kind(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case float64:
		return "number"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	default:
		return "nothing"
	}
}

// TestREADME looks for each dashboard and each variable in the README.
func TestREADME(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	for _, b := range all(t) {
		if !strings.Contains(readme, "| ["+b.file+"]("+b.file+") | "+strings.TrimPrefix(b.Title, "Power: ")+" |") {
			t.Errorf("the README has no row for %s, %s", b.file, b.Title)
		}
		for _, v := range b.Templating.List {
			if !strings.Contains(readme, "| "+v.Label+" | `"+v.Name+"` |") {
				t.Errorf("the README has no row for the variable %s, %s", v.Label, v.Name)
			}
		}
	}
	for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.FromSlash(m[1])); err != nil {
			t.Errorf("the link %s of the README leads nowhere: %v", m[1], err)
		}
	}
}
