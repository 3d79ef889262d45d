package torture

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// notes is what became of the exporter when its own surroundings failed.
type notes struct {
	mu  sync.Mutex
	all []note
}

// note is one line of them.
type note struct{ situation, outcome, said string }

var (
	// roomy is a directory of the tests in a text.
	roomy = regexp.MustCompile(`/\S*?torture\d+/\d+/`)
	// random is the end of the name of a temporary file.
	random = regexp.MustCompile(`\.new-\d+`)
)

// add notes what was said in a situation.
func (n *notes) add(situation, outcome, said string) {
	said = random.ReplaceAllString(roomy.ReplaceAllString(strings.TrimSpace(said), "…/"), ".new-…")
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, note{situation, outcome, said})
}

// own is the text before the table of notes.
const own = `
## The exporter itself

| situation | the exporter | what it says |
|---|---|---|
`

// write writes them, in the order of their situations.
func (n *notes) write(text *strings.Builder) {
	slices.SortFunc(n.all, func(a, b note) int { return strings.Compare(a.situation, b.situation) })
	text.WriteString(own)
	for _, line := range n.all {
		fmt.Fprintf(text, "| %s | %s | %s |\n", line.situation, line.outcome, quoted(line.said))
	}
}
