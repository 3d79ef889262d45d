// Package rules holds the rules to promtool, to METRICS.md, to their tests and
// to their runbooks.
package rules

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// rule is a rule of a file; Alert or Record is empty.
type rule struct {
	Alert       string            `yaml:"alert"`
	Record      string            `yaml:"record"`
	Expr        string            `yaml:"expr"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// name is how a rule is called in messages.
func (r *rule) name() string {
	if r.Alert != "" {
		return r.Alert + " (" + r.severity() + ")"
	}
	return r.Record
}

func (r *rule) severity() string { return r.Labels["severity"] }

// readRules reads the rules of a file.
func readRules(t *testing.T, path string) []rule {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	readYAML(t, path, &file)
	var all []rule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) == 0 {
		t.Fatalf("%s has no rules", path)
	}
	return all
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, path)), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// read is the text of a file.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// files are those that match a pattern, of which there must be some.
func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: no files: %v", pattern, err)
	}
	return found
}

// promtool runs promtool, which must be content.
func promtool(t *testing.T, arguments ...string) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal(`the program promtool is missing: it is in the Debian package prometheus, which "make test" installs`)
	}
	output, err := exec.CommandContext(t.Context(), path, arguments...).CombinedOutput()
	if err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
}

// TestCheck has promtool check the rules.
func TestCheck(t *testing.T) {
	t.Parallel()
	promtool(t, append([]string{"check", "rules", "--lint=all", "--lint-fatal"}, append(files(t, "*.yml"), files(t, "examples/*.yml")...)...)...)
}

// TestRules has promtool run the tests of the rules.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "tests/*.yml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			promtool(t, "test", "rules", file)
		})
	}
}

// TestAlerts looks for what an alert must have beside its expression.
func TestAlerts(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range readRules(t, "alerts.yml") {
		switch {
		case r.Alert == "":
			t.Errorf("%s is not an alert: it belongs to recording.yml", r.name())
			continue
		case seen[r.name()]:
			t.Errorf("%s is there twice", r.name())
		case !slices.Contains([]string{"critical", "warning", "info"}, r.severity()):
			t.Errorf("%s: the severity is none of critical, warning, info", r.name())
		case !strings.HasPrefix(r.Alert, "Power"):
			t.Errorf("%s: the name does not begin with Power", r.name())
		}
		seen[r.name()] = true
		for _, annotation := range []string{"summary", "description"} {
			if r.Annotations[annotation] == "" {
				t.Errorf("%s has no %s", r.name(), annotation)
			}
		}
		if want := "docs/runbooks/" + r.Alert + ".md"; r.Annotations["runbook_url"] != want {
			t.Errorf("%s: runbook_url is %q, not %q", r.name(), r.Annotations["runbook_url"], want)
		}
	}
}

// TestRunbooks looks for a page of every alert, for its sections, and for pages
// of alerts that there are not.
func TestRunbooks(t *testing.T) {
	t.Parallel()
	severities := map[string][]string{}
	for _, r := range readRules(t, "alerts.yml") {
		severities[r.Alert] = append(severities[r.Alert], r.severity())
	}
	for alert, severity := range severities {
		page := read(t, "../docs/runbooks/"+alert+".md")
		slices.Sort(severity)
		want := "# " + alert + "\n\nSeverity: " + strings.Join(severity, ", ") + ".\n\n"
		if !strings.HasPrefix(page, want) {
			t.Errorf("the page of %s does not begin with %q", alert, want)
		}
		var sections []string
		for _, m := range heading.FindAllStringSubmatch(page, -1) {
			sections = append(sections, m[1])
		}
		if want := []string{"Meaning", "Impact", "Look at", "Do", "False alarm"}; !slices.Equal(sections, want) {
			t.Errorf("the page of %s has the sections %q, not %q", alert, sections, want)
		}
		if !strings.Contains(page, "```promql\n") {
			t.Errorf("the page of %s has no query", alert)
		}
	}
	for _, file := range files(t, "../docs/runbooks/*.md") {
		alert := strings.TrimSuffix(filepath.Base(file), ".md")
		if severities[alert] == nil {
			t.Errorf("%s is the page of no alert", file)
		}
	}
}

var (
	heading = regexp.MustCompile(`(?m)^## (.+)$`)
	link    = regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]+))?\)`)
)

// TestLinks follows the links of the runbooks and of the README within the tree,
// to the heading.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, file := range append(files(t, "../docs/runbooks/*.md"), "README.md") {
		for _, m := range link.FindAllStringSubmatch(read(t, file), -1) {
			path, anchor := filepath.Join(filepath.Dir(file), m[1]), m[2]
			if m[1] == "" {
				path = file
			}
			switch _, err := os.Stat(path); {
			case strings.Contains(m[1], "://"):
			case err != nil:
				t.Errorf("%s: the link %s leads nowhere: %v", file, m[1], err)
			case anchor != "" && !slices.Contains(anchors(read(t, path)), anchor):
				t.Errorf("%s: %s has no heading for the link to #%s", file, path, anchor)
			}
		}
	}
}

// anchors are the names that a forge gives to the headings of the second level.
func anchors(text string) []string {
	var found []string
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		found = append(found, strings.ReplaceAll(strings.ToLower(m[1]), " ", "-"))
	}
	return found
}

// TestREADME looks for every alert in the README's table, and for its severity;
// and for everything that is recorded.
func TestREADME(t *testing.T) {
	t.Parallel()
	readme := []byte(read(t, "README.md"))
	for _, r := range readRules(t, "alerts.yml") {
		row := regexp.MustCompile(`(?m)^\| \[` + r.Alert + `\]\(\.\./docs/runbooks/` + r.Alert + `\.md\) \| ([a-z, ]+) \|.*$`).FindSubmatch(readme)
		if row == nil || !bytes.Contains(row[1], []byte(r.severity())) {
			t.Errorf("README.md has no row for %s", r.name())
		}
	}
	for _, r := range readRules(t, "recording.yml") {
		if !bytes.Contains(readme, []byte("`"+r.Record+"`")) {
			t.Errorf("README.md does not say what %s is", r.Record)
		}
	}
}
