package ems

import "fmt"

// maxEntries is the most that a list may have: far more than there is, and little
// enough for the memory.
const maxEntries = 100_000

// page is one page of a list.
type page[T any] struct {
	question

	entries []T
	odd     int // entries that make no sense
}

// pager reads the pages of a list one after the other.
type pager[T any] struct {
	// page gets a page, counted from 1.
	page func(n int) *page[T]
	// size is how many entries a page has that is not the last.
	size int
	// look is whether to look behind a page that is not full, as it may only
	// seem to be the last: an EMS that gives less at a time than it is asked for.
	look bool
}

// list is what the pages of a list have in them.
type list[T any] struct {
	entries []T // each uid once
	pages   int // how many had to be read, without a look behind the last in vain
	size    int // how many entries a page has that is not the last
	odd     int // entries that make no sense
}

// readPages reads a list to its end: a page that is not full, or one that brings
// nothing new, as it is with an EMS that does not know pages. What could be read
// is returned even if err is not nil.
func readPages[T any, P entry[T]](p pager[T]) (l list[T], err error) {
	l.size = p.size
	seen := map[string]bool{}
	for looking := false; ; {
		next := p.page(l.pages + 1)
		if next.err != nil && (looking || l.pages > 0 && isPastTheEnd(next.err)) {
			return l, nil
		}
		if next.err != nil {
			return l, next.err
		}
		l.pages++
		before := len(l.entries)
		for i := range next.entries {
			if uid := P(&next.entries[i]).key().String(); !seen[uid] {
				seen[uid] = true
				l.entries = append(l.entries, next.entries[i])
			}
		}
		if len(l.entries) == before {
			if looking {
				l.pages--
			}
			return l, nil
		}
		l.odd += next.odd
		if looking && l.pages == 2 {
			l.size = before
		}
		looking = len(next.entries)+next.odd < l.size
		if looking && !p.look {
			return l, nil
		}
		if len(l.entries) > maxEntries {
			return l, errTooMany
		}
	}
}

// errTooMany is the error of a list that is longer than any.
var errTooMany = fmt.Errorf("there are more than %d entries: the pages do not end", maxEntries)
