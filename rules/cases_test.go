package rules

import (
	"slices"
	"strings"
	"testing"
)

// testFile is a file of tests for promtool.
type testFile struct {
	Tests []testCase `yaml:"tests"`
}

type testCase struct {
	Name   string `yaml:"name"`
	Series []struct {
		Series string `yaml:"series"`
	} `yaml:"input_series"`
	Alerts []struct {
		Alert    string `yaml:"alertname"`
		Expected []struct {
			Labels map[string]string `yaml:"exp_labels"`
		} `yaml:"exp_alerts"`
	} `yaml:"alert_rule_test"`
	Exprs []struct {
		Expr    string `yaml:"expr"`
		Samples []struct {
			Labels string `yaml:"labels"`
		} `yaml:"exp_samples"`
	} `yaml:"promql_expr_test"`
}

// testCases are those of all files.
func testCases(t *testing.T) []testCase {
	t.Helper()
	var all []testCase
	for _, path := range files(t, "tests/*.yml") {
		var file testFile
		readYAML(t, path, &file)
		all = append(all, file.Tests...)
	}
	return all
}

// looksAt reports whether a case asks about an alert, and whether it expects
// the alert with that severity at any time.
func (c *testCase) looksAt(r *rule) (asked, fires bool) {
	for _, a := range c.Alerts {
		if a.Alert != r.Alert {
			continue
		}
		asked = true
		for _, e := range a.Expected {
			fires = fires || e.Labels["severity"] == r.severity()
		}
	}
	return asked, fires
}

// has reports whether a case has a series that a rule could look at.
func (c *testCase) has(t *testing.T, r *rule) bool {
	t.Helper()
	return slices.ContainsFunc(selectors(t, r.Expr), func(wanted selector) bool {
		// What is there anyway would make every case one of every rule.
		if wanted.metric == "up" && r.Alert != "PowerScrapeFailing" {
			return false
		}
		for _, s := range c.Series {
			for _, given := range selectors(t, s.Series) {
				if wanted.selects(given.metric) {
					return true
				}
			}
		}
		return false
	})
}

// TestEveryAlertHasBothCases looks for a case in which an alert fires, and for
// one in which it never does, although there is something that it looks at.
func TestEveryAlertHasBothCases(t *testing.T) {
	t.Parallel()
	cases := testCases(t)
	for _, r := range readRules(t, "alerts.yml") {
		var fired, silent bool
		for _, c := range cases {
			asked, fires := c.looksAt(&r)
			fired = fired || fires
			silent = silent || asked && !fires && c.has(t, &r)
		}
		if !fired {
			t.Errorf("%s: there is no case in which it fires", r.name())
		}
		if !silent {
			t.Errorf("%s: there is no case in which it stays silent with something to look at", r.name())
		}
	}
}

// TestEveryRecordHasAValue looks for the expected values of what is recorded.
func TestEveryRecordHasAValue(t *testing.T) {
	t.Parallel()
	cases := testCases(t)
	for _, r := range readRules(t, "recording.yml") {
		if r.Record == "" {
			t.Errorf("%s is an alert: it belongs to alerts.yml", r.name())
			continue
		}
		expected := false
		for _, c := range cases {
			for _, e := range c.Exprs {
				for _, s := range e.Samples {
					expected = expected || strings.HasPrefix(s.Labels, r.Record+"{")
				}
			}
		}
		if !expected {
			t.Errorf("%s: no case expects a value", r.name())
		}
	}
}

// TestThresholds compares the thresholds that alerts look for with those of the
// example, which the cases of tests/thresholds.yml set. Each is for the severity
// of its alert.
func TestThresholds(t *testing.T) {
	t.Parallel()
	wanted := map[string]bool{}
	for _, r := range readRules(t, "alerts.yml") {
		for _, s := range selectors(t, r.Expr) {
			if !strings.Contains(s.metric, ":threshold") {
				continue
			}
			severity := s.labels["severity"]
			if severity != r.severity() {
				t.Errorf("%s looks for the threshold %s of severity %q", r.name(), s.metric, severity)
			}
			wanted[s.metric+" "+severity] = true
		}
	}
	for _, r := range readRules(t, "examples/thresholds.yml") {
		key := r.Record + " " + r.severity()
		if !wanted[key] {
			t.Errorf("the example has the threshold %s, which no alert looks for, or has it twice", key)
		}
		delete(wanted, key)
	}
	for key := range wanted {
		t.Errorf("the example lacks the threshold %s", key)
	}
}
