package powersentrix_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"power_exporter/internal/powersentrix"
)

// tables are the fields, in backticks, of the first cells of the tables under a
// heading of docs/powersentrix.md.
func tables(t *testing.T, heading string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/powersentrix.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(text), "\n"+heading+"\n")
	if !ok {
		t.Fatalf("docs/powersentrix.md has no section %q", heading)
	}
	section, _, _ := strings.Cut(after, "\n## ")
	var fields []string
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			for _, m := range regexp.MustCompile("`((?:config|upsData|getBasicInfo|setUpsLog)\\.[^`]+)`").FindAllStringSubmatch(cells[1], -1) {
				fields = append(fields, m[1])
			}
		}
	}
	return fields
}

// A leaf is one number or text of a sample.
type leaf struct {
	field string    // such as upsData.voltages[], as the document has it
	set   func(any) // gives it another value
	value any
}

// leaves are all numbers and texts below a value.
func leaves(field string, value any, set func(any)) []leaf {
	var all []leaf
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, leaves(field+"."+name, v[name], func(n any) { v[name] = n })...)
		}
	case []any:
		for i := range v {
			all = append(all, leaves(field+"[]", v[i], func(n any) { v[i] = n })...)
		}
	default:
		all = append(all, leaf{strings.TrimPrefix(field, "."), set, v})
	}
	return all
}

// others are values that a leaf might have instead of its own.
func others(value any) []any {
	if n, ok := value.(float64); ok {
		return []any{n + 1}
	}
	return []any{"x", "OFF", "1m", "7", "2026-05-09 00:00:00"}
}

// sample is a file of testdata, without some of its parts.
func sample(t *testing.T, path string, without ...string) map[string]any {
	t.Helper()
	var data map[string]any
	if err := json.Unmarshal(file(t, path), &data); err != nil {
		t.Fatal(err)
	}
	for _, part := range without {
		at, names := data, strings.Split(part, ".")
		for _, name := range names[:len(names)-1] {
			at, _ = at[name].(map[string]any)
		}
		delete(at, names[len(names)-1])
	}
	return data
}

// TestEveryFieldIsDocumented gives every number and text of the vendor's samples
// another value. docs/powersentrix.md must say to what it is mapped if that
// makes a difference, and why it is left out if not.
func TestEveryFieldIsDocumented(t *testing.T) {
	t.Parallel()
	ofState := func(merge func(*powersentrix.State, []byte) error) func(*testing.T, []byte) string {
		return func(t *testing.T, data []byte) string {
			t.Helper()
			var s powersentrix.State
			if err := merge(&s, data); err != nil {
				t.Fatal(err)
			}
			return metrics(t, &s)
		}
	}
	data, basic := ofState((*powersentrix.State).MergeData), ofState((*powersentrix.State).MergeBasic)
	event := func(t *testing.T, data []byte) string {
		t.Helper()
		e, err := powersentrix.DecodeEvent(data)
		if err != nil {
			t.Fatal(err)
		}
		n, _ := e.Sequence()
		return fmt.Sprint(e.Code, n, e.Description, e.Params, e.Time())
	}

	differs := map[string]bool{}
	for _, source := range []struct {
		root string
		of   map[string]any
		is   func(*testing.T, []byte) string
	}{
		{"", sample(t, "cases/document/2-data.json"), data},
		// What others are preferred to, alone.
		{"", sample(t, "cases/document/2-data.json", "upsData.voltages", "upsData.outputs", "config.ident.mainUptime"), data},
		{"getBasicInfo", sample(t, "cases/portal/2-basic.json"), basic},
		{"getBasicInfo", sample(t, "cases/portal/2-basic.json", "name"), basic},
		{"setUpsLog", sample(t, "event.json"), event},
	} {
		written := func() string {
			text, err := json.Marshal(source.of)
			if err != nil {
				t.Fatal(err)
			}
			return source.is(t, text)
		}
		before := written()
		for _, l := range leaves(source.root, source.of, nil) {
			for _, other := range others(l.value) {
				l.set(other)
				differs[l.field] = differs[l.field] || written() != before
			}
			l.set(l.value)
		}
		if written() != before {
			t.Fatal("this test does not put back what it changes")
		}
	}

	mapped := slices.Concat(tables(t, "## Fields and metrics"), tables(t, "## Events"))
	leftOut := tables(t, "## What is left out")
	for field, makesADifference := range differs {
		switch {
		case makesADifference && (!slices.Contains(mapped, field) || slices.Contains(leftOut, field)):
			t.Errorf("%s is mapped, and docs/powersentrix.md does not say to what", field)
		case !makesADifference && (!slices.Contains(leftOut, field) || slices.Contains(mapped, field)):
			t.Errorf("%s is left out, and docs/powersentrix.md does not say why", field)
		}
	}
	for _, field := range slices.Concat(mapped, leftOut) {
		if _, ok := differs[field]; !ok {
			t.Errorf("docs/powersentrix.md speaks of %s, which no sample has", field)
		}
	}
	if len(differs) < 60 {
		t.Errorf("the samples have only %d fields: this test is blind", len(differs))
	}
}
