package web

import (
	"bufio"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"power_exporter/config"
)

// instanceLabel is the label by which Prometheus tells scrapes from each other.
// It differs from group to group, also among the devices of one target, and no
// metric has a label of that name. Metrics do have one called device, so no
// group does.
const instanceLabel = "instance"

// groups writes the target groups of Prometheus' HTTP service discovery, each
// with one target, as they are added: a list of JSON in which labels are in
// order.
type groups struct {
	out    *bufio.Writer
	begin  []byte   // of each group
	comma  bool     // one is due before the next group
	labels []string // to be used again
}

// newGroups begins a list of groups that are reached at the address.
func newGroups(out *bufio.Writer, at address) *groups {
	begin := append([]byte(nil), `{"targets":[`...)
	begin = appendJSON(begin, at.host)
	begin = append(begin, `],"labels":{"__metrics_path__":`...)
	begin = appendJSON(begin, at.prefix+"/probe")
	begin = append(begin, `,"__scheme__":`...)
	begin = appendJSON(begin, at.scheme)
	_ = out.WriteByte('[') // the writer remembers an error
	return &groups{out: out, begin: begin}
}

// target adds a configured target, or one device of it unless that is "".
func (g *groups) target(t *config.Target, device string) {
	instance := instanceOf(t)
	b := g.next()
	if device != "" {
		b = appendLabel(b, "__param_device", device)
		instance += "/" + device
	}
	b = appendLabel(b, "__param_target", t.Name)
	b = appendLabel(b, instanceLabel, instance)
	g.labels = slices.AppendSeq(g.labels[:0], maps.Keys(t.Labels))
	slices.Sort(g.labels)
	for _, name := range g.labels {
		if name != instanceLabel {
			b = appendLabel(b, name, t.Labels[name])
		}
	}
	g.add(b)
}

// pushed adds a device that pushes. Its instance cannot be that of a target
// with the same name.
func (g *groups) pushed(device string) {
	b := g.next()
	b = appendLabel(b, "__param_module", config.PushModule)
	b = appendLabel(b, "__param_target", device)
	b = appendLabel(b, instanceLabel, config.PushModule+"/"+device)
	g.add(b)
}

// end ends the list. Nobody is left to be told that it could not be sent.
func (g *groups) end() {
	_, _ = g.out.WriteString("]\n")
	_ = g.out.Flush()
}

// next is the beginning of the next group.
func (g *groups) next() []byte {
	b := g.out.AvailableBuffer()
	if g.comma {
		b = append(b, ",\n"...)
	}
	g.comma = true
	return append(b, g.begin...)
}

// add writes a group.
func (g *groups) add(b []byte) { _, _ = g.out.Write(append(b, "}}"...)) }

// instanceOf is the instance of a target: its own label of that name, if it has
// one.
func instanceOf(t *config.Target) string {
	if own := t.Labels[instanceLabel]; own != "" {
		return own
	}
	return t.Name
}

// appendLabel appends one more label.
func appendLabel(b []byte, name, value string) []byte {
	b = append(b, ',')
	b = appendJSON(b, name)
	b = append(b, ':')
	return appendJSON(b, value)
}

// appendJSON appends a text as JSON.
func appendJSON(b []byte, text string) []byte {
	special := func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }
	if strings.ContainsFunc(text, special) {
		quoted, _ := json.Marshal(text) // a text cannot fail
		return append(b, quoted...)
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}
