package ems

import "fmt"

// maxEntries is the most that a list may have: far more than there is, and little
// enough for the memory.
const maxEntries = 100_000

// pager reads the pages of a list one after the other.
type pager struct {
	// page gets a page, counted from 1.
	page func(n int) answer
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
func readPages[T any, P entry[T]](e endpoint, p pager) (l list[T], err error) {
	l.size = p.size
	seen := map[string]bool{}
	for looking := false; ; {
		a := p.page(l.pages + 1)
		entries, odd, err := decodeAnswer[T, P](e, a)
		if err != nil && (looking || l.pages > 0 && isPastTheEnd(err)) {
			return l, nil
		}
		if err != nil {
			return l, err
		}
		l.pages++
		before := len(l.entries)
		for i := range entries {
			if uid := P(&entries[i]).key().String(); !seen[uid] {
				seen[uid] = true
				l.entries = append(l.entries, entries[i])
			}
		}
		if len(l.entries) == before {
			if looking {
				l.pages--
			}
			return l, nil
		}
		l.odd += odd
		if looking && l.pages == 2 {
			l.size = before
		}
		looking = len(entries)+odd < l.size
		if looking && !p.look {
			return l, nil
		}
		if len(l.entries) > maxEntries {
			return l, fmt.Errorf("%s: there are more than %d entries: the pages do not end", a.asked, maxEntries)
		}
	}
}

// decodeAnswer reads one page.
func decodeAnswer[T any, P entry[T]](e endpoint, a answer) (entries []T, odd int, err error) {
	if a.err != nil {
		return nil, 0, a.err
	}
	if entries, odd, err = decodeList[T, P](e.member(), a.body); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", a.asked, err)
	}
	return entries, odd, nil
}
