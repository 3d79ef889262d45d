package torture

import (
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// nutName is the chapter of NUT.
const nutName = "NUT"

// beginning is the text before the tables.
//
//go:embed testdata/beginning.md
var beginning string

// document is docs/faults.md, of what was seen.
func (m *matrix) document(all []system, pushes map[string]pushOutcome, seen *notes) string {
	var text strings.Builder
	text.WriteString(beginning)
	m.meanings(&text)
	m.chapter(&text, nutName, "A server with two UPSes, of which the second is the one of *one UPS*. User name and password are configured.")
	for i := range all {
		m.chapter(&text, all[i].name, all[i].about)
	}
	pushed(&text, pushes)
	seen.write(&text)
	return text.String()
}

// meanings writes what each fault is.
func (m *matrix) meanings(text *strings.Builder) {
	text.WriteString("\n## What the faults are\n\n| fault | what has happened, and what to do |\n|---|---|\n")
	written := map[string]bool{}
	var before string
	for _, c := range slices.Concat(m.cells[1:], m.cells[:1]) {
		f := c.fault
		if written[f.name] {
			continue
		}
		written[f.name] = true
		means := f.means
		if strings.HasPrefix(means, "The same") && before != "" {
			means = strings.Replace(means, "The same", "The same as *"+before+"*", 1)
		} else {
			before = f.name
		}
		fmt.Fprintf(text, "| %s | %s |\n", f.name, means)
	}
}

// chapter writes what was seen of one system.
func (m *matrix) chapter(text *strings.Builder, name, about string) {
	fmt.Fprintf(text, "\n## %s\n\n%s\n\n| fault | at | devices | lost | failed requests | error | next probe |\n|---|---|---|---|---|---|---|\n", name, about)
	for _, c := range m.cells {
		if o, ok := m.seen[c]; ok && c.system == name {
			after := quoted(o.after)
			if c.end == nil {
				after = ""
			}
			fmt.Fprintf(text, "| %s | %s | %s | %s | %s | %s | %s |\n",
				c.fault.name, c.stage, o.devices, o.lost, o.requests, quoted(o.said), after)
		}
	}
}

// pushed writes what senders got, once where it is the same for all.
func pushed(text *strings.Builder, seen map[string]pushOutcome) {
	text.WriteString(pushes)
	for _, f := range pushFaults() {
		var rows []string
		for _, e := range endpoints() {
			o := seen[e.name+f.name]
			row := fmt.Sprintf("%s | %s | %s", cmp.Or(o.status, "none"), quoted(length.ReplaceAllString(o.said, "of …")), cmp.Or(f.result, "not counted"))
			if !slices.Contains(rows, row) {
				rows = append(rows, row)
			}
		}
		for _, row := range rows {
			fmt.Fprintf(text, "| %s | %s | %s |\n", f.name, row, f.means)
		}
	}
}

// length is that of a body.
var length = regexp.MustCompile(`of \d+`)

// pushes is the text before the table of pushes.
const pushes = `
## Pushes

What a sender does wrong costs nobody anything but itself: the last state of its device stays, and ages until ` + "`expire_after`" + `. Refused pushes are counted by their result in
` + "`power_exporter_pushes_total`" + `; why one was refused is in its answer, and in the log with ` + "`--log.level=debug`" + `.

| fault | answer | message | counted as | what it means |
|---|---|---|---|---|
`

// quoted is a text in a table.
func quoted(text string) string {
	switch text {
	case "":
		return "none"
	case "good":
		return text
	}
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line != "…" {
			line = "`" + strings.NewReplacer("|", `\|`, "`", "'").Replace(line) + "`"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "<br>")
}
