package powerpulse

import (
	"encoding/json"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/collector/nut"
	"power_exporter/exposition"
	"power_exporter/internal/golden"
)

var inBackticks = regexp.MustCompile("`([^`]+)`")

// codes are the texts in backticks.
func codes(cell string) []string {
	var found []string
	for _, m := range inBackticks.FindAllStringSubmatch(cell, -1) {
		found = append(found, m[1])
	}
	return found
}

// rows are the cells of the tables under a heading of docs/powerpulse.md.
func rows(t *testing.T, heading string) [][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/powerpulse.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(text), "\n"+heading+"\n")
	if !ok {
		t.Fatalf("docs/powerpulse.md has no heading %q", heading)
	}
	section, _, _ := strings.Cut(after, "\n#")
	var found [][]string
	lines := strings.Split(section, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "|---") && !strings.HasPrefix(lines[i+1], "|---") {
			found = append(found, strings.Split(strings.Trim(line, "|"), "|"))
		}
	}
	return found
}

// exported is the series of a UPS with these members, by their paths.
func exported(t *testing.T, values map[string]any) []string {
	t.Helper()
	object := map[string]any{}
	for place, value := range values {
		if outer, inner, ok := strings.Cut(place, "."); ok {
			if object[outer] == nil {
				object[outer] = map[string]any{}
			}
			object[outer].(map[string]any)[inner] = value
		} else {
			object[place] = value
		}
	}
	body, err := json.Marshal([]any{object})
	if err != nil {
		t.Fatal(err)
	}
	list, err := decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return series(golden.Gather(t, exposition.NewCollector(devices(&list[0], nut.Natives{}))))
}

// TestDocumentIsTrue gives a UPS one member after the other that
// docs/powerpulse.md says is mapped, alone, and wants it to be in the metric, and
// under the variable, that the document says.
func TestDocumentIsTrue(t *testing.T) {
	t.Parallel()
	mapped := 0
	for _, heading := range []string{"### Device, load and state", "### Input, output and battery"} {
		for _, row := range rows(t, heading) {
			for i, member := range codes(row[0]) {
				mapped++
				bare := map[string]any{"driverDetails.name": "x", "id": 5}
				if !strings.Contains(row[0], "`id`") && !strings.Contains(row[0], "nutServerId") {
					bare["upsName"] = "a"
				} else if member != "id" && member != "upsName" {
					bare["name"] = "b"
				}
				value := any(42)
				if strings.HasSuffix(strings.ToLower(member), "status") {
					value = "Online"
				}
				with := maps.Clone(bare)
				with[member] = value
				before, after := exported(t, bare), exported(t, with)
				metric := "power_"
				if named := codes(row[2]); strings.HasPrefix(named[0], "power_") {
					metric = named[0] + "{"
				}
				if !slices.ContainsFunc(after, func(line string) bool {
					return strings.HasPrefix(line, metric) && !slices.Contains(before, line)
				}) {
					t.Errorf("%s makes no %s:\n%s", member, metric, after)
				}
				if variables := codes(row[1]); strings.Contains(member, "Details.") && !slices.Contains(variables, variable(member)) {
					t.Errorf("%s is %s, and the document says %q", member, variable(member), variables[min(i, len(variables)-1)])
				}
			}
		}
	}
	if mapped < 35 {
		t.Errorf("only %d members", mapped)
	}
}

// variable is the NUT variable that a member of the details is.
func variable(member string) string {
	details, name, _ := strings.Cut(member, ".")
	return strings.TrimSuffix(details, "Details") + "." + dotted(name)
}

// TestDocumentIsComplete wants each member that the program has to be in a table
// of docs/powerpulse.md.
func TestDocumentIsComplete(t *testing.T) {
	t.Parallel()
	known := []string{"rawVariables"}
	for _, heading := range []string{"### Device, load and state", "### Input, output and battery", "## What is left out"} {
		for _, row := range rows(t, heading) {
			known = append(known, codes(row[0])...)
		}
	}
	var objects []map[string]any
	if err := json.Unmarshal(powerpulsesim.MustRecorded("running").Systems, &objects); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, object := range objects {
		for name, value := range object {
			details, ok := value.(map[string]any)
			if !ok {
				found[name] = true
			}
			for inner := range details {
				found[name+"."+inner] = true
			}
		}
	}
	if len(found) < 50 {
		t.Fatalf("only %d members", len(found))
	}
	for member := range found {
		if !slices.ContainsFunc(known, func(pattern string) bool {
			matched, err := path.Match(pattern, member)
			return err == nil && matched
		}) {
			t.Errorf("docs/powerpulse.md says nothing of %s", member)
		}
	}
}

// TestStatusWords compares the words of the document with what becomes of them.
func TestStatusWords(t *testing.T) {
	t.Parallel()
	words := rows(t, "## Status")
	if len(words) != 13 {
		t.Errorf("%d words", len(words))
	}
	for _, row := range words {
		word, state := codes(row[0])[0], codes(row[1])[0]
		for _, spelling := range []string{word, strings.ToLower(word), " " + word + " "} {
			var on []string
			for _, line := range exported(t, map[string]any{"upsName": "a", "load": 5, "status": spelling}) {
				if strings.HasPrefix(line, "power_ups_state") && strings.HasSuffix(line, " 1\n") {
					on = append(on, line)
				}
			}
			if len(on) != 1 || !strings.Contains(on[0], `state="`+state+`"`) {
				t.Errorf("%q gives %q, want %s", spelling, on, state)
			}
		}
	}
}
