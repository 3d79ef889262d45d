package exposition

import (
	"bufio"
	"strconv"
	"strings"
)

// escape and escapeHelp are what the text format wants of the value of a label,
// and of a HELP.
var (
	escape     = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
	escapeHelp = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
)

// text is what never changes in a family's text: the head, and what stands
// before each label and before the value.
func (f *family) text() (head string, before []string) {
	head = "# HELP " + f.name + " " + escapeHelp.Replace(f.help) + "\n# TYPE " + f.name + " " + string(f.typ) + "\n"
	next := f.name + "{"
	for _, i := range f.order {
		before = append(before, next+f.labels[i]+`="`)
		next = `",`
	}
	if len(before) == 0 {
		return head, []string{f.name + " "}
	}
	return head, append(before, `"} `)
}

// write writes the family as client_golang does, to the byte. The writer
// remembers an error.
func (s *series) write(out *bufio.Writer) {
	_, _ = out.WriteString(s.head)
	for i := range s.samples {
		_, _ = out.Write(s.line(out.AvailableBuffer(), &s.samples[i]))
	}
}

// line appends the line of a sample.
func (s *series) line(b []byte, of *sample) []byte {
	for i, label := range s.order {
		b = append(b, s.before[i]...)
		b = appendEscaped(b, of.labels[label])
	}
	b = append(b, s.before[len(s.order)]...)
	if of.value == 0 {
		b = append(b, '0') // also for -0
	} else {
		b = strconv.AppendFloat(b, of.value, 'g', -1, 64)
	}
	return append(b, '\n')
}

// appendEscaped appends the value of a label.
func appendEscaped(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c == '\\' || c == '\n' || c == '"' {
			return append(b, escape.Replace(text)...)
		}
	}
	return append(b, text...)
}
