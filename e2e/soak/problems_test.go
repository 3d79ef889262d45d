package soak

import (
	"fmt"
	"sync"
	"testing"
)

// shownProblems is how many problems of a kind are shown.
const shownProblems = 5

// problems is what went wrong under load. There may be thousands of a kind, of
// which the first say enough.
type problems struct {
	mu    sync.Mutex
	kinds []string // in the order in which they came
	texts map[string][]string
	count map[string]int
}

// add notes a problem of a kind, such as "a page is not there".
func (p *problems) add(kind, format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count == nil {
		p.count, p.texts = map[string]int{}, map[string][]string{}
	}
	if p.count[kind] == 0 {
		p.kinds = append(p.kinds, kind)
	}
	p.count[kind]++
	if p.count[kind] <= shownProblems {
		p.texts[kind] = append(p.texts[kind], fmt.Sprintf(format, args...))
	}
}

// report fails the test for each kind.
func (p *problems) report(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, kind := range p.kinds {
		t.Errorf("%s, %d times:", kind, p.count[kind])
		for _, text := range p.texts[kind] {
			t.Log(text)
		}
	}
}
