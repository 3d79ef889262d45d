package web

import (
	"strings"

	"power_exporter/probe"
)

// pageSize is how many rows of a table are shown at once.
const pageSize = 100

// table is a section of the status page.
type table struct {
	ID       section
	Title    string
	Note     string // what the section is about
	Total    int
	Counts   []stateCount // of all rows
	Found    int          // how many rows the view has
	Headings []heading
	Rows     []*row           // on this page, but of failures
	Failures []*probe.Failure // on this page
	Probed   bool             // the rows are of probes, not of pushes
	pager
}

// stateCount is how many rows are in a state, and where they are shown.
type stateCount struct {
	State state
	Count int
	Link  string
}

// heading is the heading of a column.
type heading struct {
	Title  string
	Class  string // of its cells; "" for that of text
	Link   string // to the table in the order of the column; "" if it cannot be
	About  string // what its cells are; "" if the title says it
	Sorted string // ascending or descending, as aria-sort has it; "" if not by this one
}

// pager says which part of a table is shown, and where the others are.
type pager struct {
	Page, Pages    int
	Previous, Next string // links; "" at the ends
}

// part is which of n rows are on the section's page, and the pager. A
// page that is beyond the last one is the last one.
func (v view) part(prefix string, s section, n int) (first, end int, p pager) {
	p.Pages = max((n+pageSize-1)/pageSize, 1)
	p.Page = min(v.page(s), p.Pages)
	if p.Page > 1 {
		p.Previous = v.withPage(s, p.Page-1).link(prefix, s)
	}
	if p.Page < p.Pages {
		p.Next = v.withPage(s, p.Page+1).link(prefix, s)
	}
	first = (p.Page - 1) * pageSize
	return first, min(first+pageSize, n), p
}

// table is the table of rows in the view.
func (v view) table(prefix string, s section, rows []*row) *table {
	t := &table{ID: s, Total: len(rows), Probed: s != pushedSection, Headings: v.headings(prefix, s)}
	t.Counts = v.counts(prefix, s, rows)
	rows = v.filter(rows)
	t.Found = len(rows)
	v.sortRows(rows)
	first, end, pager := v.part(prefix, s, len(rows))
	t.Rows, t.pager = rows[first:end], pager
	return t
}

// failures is the table of failures in the view, the newest first.
func (v view) failures(prefix string, all []probe.Failure) *table {
	t := &table{ID: failuresSection, Total: len(all)}
	text := strings.ToLower(v.Text)
	var found []*probe.Failure
	for i := range all {
		f := &all[i]
		if text == "" || containsFold(text, f.Name, f.Address, f.Module, f.Auth, parametersText(f.Parameters), f.Err) {
			found = append(found, f)
		}
	}
	t.Found = len(found)
	first, end, pager := v.part(prefix, failuresSection, len(found))
	t.Failures, t.pager = found[first:end], pager
	return t
}

// filter is the rows that are in the view.
func (v view) filter(rows []*row) []*row {
	text := strings.ToLower(v.Text)
	if text == "" && v.State == "" {
		return rows
	}
	var found []*row
	for _, r := range rows {
		if (v.State == "" || r.State.Key() == v.State) && (text == "" || r.contains(text)) {
			found = append(found, r)
		}
	}
	return found
}

// counts are the states that rows are in.
func (v view) counts(prefix string, s section, rows []*row) []stateCount {
	var in [len(states)]int
	for _, r := range rows {
		in[r.State]++
	}
	var found []stateCount
	for i, n := range in {
		if n > 0 {
			found = append(found, stateCount{state(i), n, v.withState(state(i).Key()).link(prefix, s)})
		}
	}
	return found
}

// headings are those of the columns that a section has.
func (v view) headings(prefix string, s section) []heading {
	var all []heading
	for i := range columns {
		c := &columns[i]
		if c.onlyProbed && s == pushedSection {
			continue
		}
		h := heading{Title: c.title, About: c.explained, Link: v.withSort(c.key).link(prefix, s)}
		if c.number {
			h.Class = "number"
		}
		if s == pushedSection {
			h.Title = pushedTitle(c)
		}
		if v.Sort == c.key || v.Sort == "" && i == 0 {
			h.Sorted = "ascending"
			if v.Descending {
				h.Sorted = "descending"
			}
		}
		all = append(all, h)
	}
	last := "Error or trouble"
	if s == pushedSection {
		last = "Error, trouble or newest event"
	}
	return append(all, heading{Title: last}, heading{Title: "Probe", Class: "links"})
}

// pushedTitle is what a column is called for devices that push.
func pushedTitle(c *column) string {
	switch c.key {
	case "name":
		return "Device"
	case "module":
		return "Receiver"
	case "age":
		return "Last push"
	}
	return c.title
}
