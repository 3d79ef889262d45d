package exposition

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
)

// section is a chapter of the reference.
type section struct {
	title    string
	families []*family
}

// sections is every family there is, in the order of the reference.
func sections() []section {
	return []section{
		{"Device", deviceFamilies()},
		{"Inlet", inletFamilies()},
		{"Bypass", bypassFamilies()},
		{"Output", outputFamilies()},
		{"Circuit", circuitFamilies()},
		{"Outlet", outletFamilies()},
		{"UPS", []*family{upsState}},
		{"Battery", batteryFamilies()},
		{"Sensor", sensorFamilies()},
		{"Events and alarms", eventFamilies()},
		{"Native readings", []*family{nativeReading}},
		{"Probe", probeFamilies()},
		{"Exporter", selfFamilies()},
	}
}

// preface is what the reference says before it lists anything.
//
//go:embed preface.md
var preface string

// inCell keeps a HELP text what it is inside a Markdown table.
var inCell = strings.NewReplacer("|", `\|`, "*", `\*`, "<", "&lt;")

// WriteReference writes METRICS.md: every family with its type, its labels and
// its HELP, by section.
func WriteReference(w io.Writer) error {
	var b strings.Builder
	b.WriteString(preface)
	for _, s := range sections() {
		fmt.Fprintf(&b, "\n## %s\n\n| metric | type | labels | help |\n|---|---|---|---|\n", s.title)
		for _, f := range s.families {
			labels := ""
			if len(f.labels) > 0 {
				labels = "`" + strings.Join(f.labels, "` `") + "`"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.name, f.typ, labels, inCell.Replace(f.help))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
