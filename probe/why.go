package probe

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode"
)

// sayWhy adds to an answer with the header why the probe failed, for a person who
// looks at it. Only the plain text format takes any comment, which Prometheus
// skips; a compressed answer is for programs alone.
func (r *Report) sayWhy(w io.Writer, h http.Header) {
	if r.Err == nil || h.Get("Content-Encoding") != "" || !strings.HasPrefix(h.Get("Content-Type"), "text/plain") {
		return
	}
	_, _ = io.WriteString(w, "# The probe failed: "+oneLine(text(r.Err))+"\n")
}

// oneLine is a text without line breaks and whatever else a terminal might take
// for more than text.
func oneLine(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(text), "\n", "; "), "\uFFFD")
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, text)
}

// mostListed is how many names an error lists.
const mostListed = 10

// listed says which names there are.
func listed(names []string) string {
	if len(names) == 0 {
		return "there is none"
	}
	var quoted []string
	for _, name := range names[:min(len(names), mostListed)] {
		quoted = append(quoted, strconv.Quote(name))
	}
	text := "known are " + strings.Join(quoted, ", ")
	if more := len(names) - len(quoted); more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}
