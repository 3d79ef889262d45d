package ems

import (
	"context"
	"sync/atomic"
)

// reader reads one list of the EMS. An answer is decoded as it comes, so that of
// all pages only the entries are in memory.
type reader[T any, P entry[T]] struct {
	c        *Collector
	endpoint endpoint
	pages    []*page[T]   // that were asked for beforehand
	taken    atomic.Int64 // bytes of all pages so far
	entries  atomic.Int64 // on them
}

// newReader is a reader of what is behind an endpoint.
func newReader[T any, P entry[T]](c *Collector, e endpoint) *reader[T, P] {
	return &reader[T, P]{c: c, endpoint: e}
}

// ahead is the questions for all pages that will probably have to be read: those
// that the list had the last time, and a look behind them.
func (r *reader[T, P]) ahead() []*question {
	pages := max(r.c.pages[r.endpoint], 1)
	if r.looks() {
		pages++
	}
	questions := make([]*question, pages)
	r.pages = make([]*page[T], pages)
	for i := range r.pages {
		r.pages[i] = r.page(i + 1)
		questions[i] = &r.pages[i].question
	}
	return questions
}

// read reads the list: the pages that were asked for beforehand, and then one
// after the other.
func (r *reader[T, P]) read(ctx context.Context) (list[T], error) {
	size := defaultSize
	switch {
	case r.endpoint == realtime:
		size = r.c.size
	case r.endpoint.paged():
		size = r.c.pageSize
	}
	l, err := readPages[T, P](pager[T]{size: size, look: r.looks(), page: func(n int) *page[T] {
		if n <= len(r.pages) {
			return r.pages[n-1]
		}
		next := r.page(n)
		r.c.client.ask(ctx, &next.question)
		return next
	}})
	logOdd(ctx, r.endpoint, l.odd)
	return l, err
}

// looks reports whether to look behind a page that is not full. Once the signals
// have been read, it is known how many entries a full one has.
func (r *reader[T, P]) looks() bool {
	return r.endpoint == signals || r.endpoint == realtime && r.c.known == nil
}

// page is a page that is to be asked for. An EMS that does not know pages gives
// the whole list for each of two, which is the most that all may have together.
func (r *reader[T, P]) page(n int) *page[T] {
	p := &page[T]{question: r.c.question(r.endpoint, n)}
	p.taken = &r.taken
	p.read = func(body []byte) (err error) {
		p.entries, p.odd, err = decodeList[T, P](r.endpoint.member(), body, 2*maxEntries-int(r.entries.Load()))
		r.entries.Add(int64(len(p.entries) + p.odd))
		return err
	}
	return p
}
