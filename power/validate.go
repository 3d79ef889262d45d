package power

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxText is the longest text of a device, in bytes. What people call
	// things is shorter; whatever is longer would be in every scrape.
	maxText = 256
	// maxPoints is how many points of one kind a device has at most. The
	// largest PDUs have 54 outlets, and a gateway some thousand circuits.
	maxPoints = 16384
)

// Validate makes devices fit to be exported together, in place, and returns a
// sentence for each thing it had to mend. It is the one place that guarantees
// what every consumer relies on: text is valid UTF-8, and no two devices, and
// no two points of one kind within a device, share an id. Nothing that a device
// can mean is dropped: the second outlet "3" becomes "3#2", since one bad label
// must cost neither the scrape nor the reading. Only what no device means is
// cut: texts longer than 256 bytes, and more than 16384 points of a kind.
//
// Call it once, on devices that nobody else has seen yet.
func Validate(devices []Device) []error {
	v := validator{}
	for i := range devices {
		v.device = &devices[i]
		v.bound()
		devices[i].texts(func(text *string) {
			if len(*text) > maxText {
				*text = strings.Clone((*text)[:maxText])
			}
			if !utf8.ValidString(*text) {
				*text = strings.ToValidUTF8(*text, "\uFFFD")
			}
		})
	}
	v.device = nil
	v.unique("device", len(devices), func(i int) *string { return &devices[i].ID })
	for i := range devices {
		v.device = &devices[i]
		v.points()
	}
	return v.mended
}

// validator makes ids unique and notes what it changed.
type validator struct {
	device *Device // whose points are looked at; nil for the devices themselves
	mended []error
}

// bound cuts lists that are longer than any device's.
func (v *validator) bound() {
	d := v.device
	cut(v, "inlets", &d.Inlets)
	cut(v, "bypasses", &d.Bypasses)
	cut(v, "outputs", &d.Outputs)
	cut(v, "circuits", &d.Circuits)
	cut(v, "outlets", &d.Outlets)
	cut(v, "outlet groups", &d.Groups)
	cut(v, "batteries", &d.Batteries)
	cut(v, "sensors", &d.Sensors)
	cut(v, "events", &d.Events)
	cut(v, "alarms", &d.Alarms)
	cut(v, "native readings", &d.Natives)
}

// cut shortens a list to what is exported of it.
func cut[T any](v *validator, what string, list *[]T) {
	if n := len(*list); n > maxPoints {
		*list = (*list)[:maxPoints:maxPoints]
		v.mended = append(v.mended, fmt.Errorf("device %q has %d %s: only %d are exported", v.device.ID, n, what, maxPoints))
	}
}

// points makes every id within one device unique.
func (v *validator) points() {
	d := v.device
	v.unique("controller", len(d.Uptimes), func(i int) *string { return &d.Uptimes[i].Controller })
	v.unique("inlet", len(d.Inlets), func(i int) *string { return &d.Inlets[i].ID })
	for i := range d.Inlets {
		v.lines(d.Inlets[i].Lines)
		ats := d.Inlets[i].ATS
		v.unique("ATS inlet", len(ats), func(i int) *string { return &ats[i].ID })
	}
	v.unique("bypass", len(d.Bypasses), func(i int) *string { return &d.Bypasses[i].ID })
	for i := range d.Bypasses {
		v.lines(d.Bypasses[i].Lines)
	}
	v.unique("output", len(d.Outputs), func(i int) *string { return &d.Outputs[i].ID })
	for i := range d.Outputs {
		v.lines(d.Outputs[i].Lines)
	}
	v.unique("circuit", len(d.Circuits), func(i int) *string { return &d.Circuits[i].ID })
	for i := range d.Circuits {
		v.lines(d.Circuits[i].Lines)
	}
	v.unique("outlet", len(d.Outlets), func(i int) *string { return &d.Outlets[i].ID })
	v.unique("outlet group", len(d.Groups), func(i int) *string { return &d.Groups[i].ID })
	for i := range d.Groups {
		outlets := d.Groups[i].Outlets
		v.unique("outlet of a group", len(outlets), func(i int) *string { return &outlets[i] })
	}
	v.unique("battery", len(d.Batteries), func(i int) *string { return &d.Batteries[i].ID })
	for i := range d.Batteries {
		cells := d.Batteries[i].Cells
		v.unique("cell", len(cells), func(i int) *string { return &cells[i].ID })
	}
	v.unique("sensor", len(d.Sensors), func(i int) *string { return &d.Sensors[i].ID })
	for i := range d.Sensors {
		inputs, relays := d.Sensors[i].Inputs, d.Sensors[i].Relays
		v.unique("input", len(inputs), func(i int) *string { return &inputs[i].ID })
		v.unique("relay", len(relays), func(i int) *string { return &relays[i].ID })
	}
	v.unique("event code", len(d.Events), func(i int) *string { return &d.Events[i].Code })
	v.unique("alarm", len(d.Alarms), func(i int) *string { return &d.Alarms[i].ID })
	v.natives()
}

// lines makes the ids of one point's lines unique.
func (v *validator) lines(lines []Line) {
	v.unique("line", len(lines), func(i int) *string { return &lines[i].ID })
}

// natives makes native readings unique, whose identity is all of point, id and
// name.
func (v *validator) natives() {
	type point struct{ point, id string }
	var points []point
	byPoint := map[point][]*NativeReading{}
	for i := range v.device.Natives {
		n := &v.device.Natives[i]
		p := point{n.Point, n.ID}
		if byPoint[p] == nil {
			points = append(points, p)
		}
		byPoint[p] = append(byPoint[p], n)
	}
	for _, p := range points {
		readings := byPoint[p]
		v.unique("native reading", len(readings), func(i int) *string { return &readings[i].Name })
	}
}

// unique gives each repeated id among the n of one kind a suffix that no other
// of them has: the first keeps its id, the second becomes "id#2".
func (v *validator) unique(what string, n int, id func(int) *string) {
	if n < 2 {
		return
	}
	taken := make(map[string]bool, n)
	var repeated []*string
	for i := range n {
		p := id(i)
		if taken[*p] {
			repeated = append(repeated, p)
			continue
		}
		taken[*p] = true
	}
	next := map[string]int{}
	for _, p := range repeated {
		original := *p
		if next[original] == 0 {
			next[original] = 2
			v.note(what, original)
		}
		for taken[*p] {
			*p = original + "#" + strconv.Itoa(next[original])
			next[original]++
		}
		taken[*p] = true
	}
}

// note keeps one sentence for each id that is not unique, however often.
func (v *validator) note(what, id string) {
	of := ""
	if v.device != nil {
		of = fmt.Sprintf("device %q: ", v.device.ID)
	}
	v.mended = append(v.mended, fmt.Errorf("%sseveral of kind %s have the id %q: all but the first are exported as %q and so on", of, what, id, id+"#2"))
}
