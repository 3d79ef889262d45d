package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
)

// section is one of the tables of the status page. Its name is both the
// parameter with the number of its page and its id in the document.
type section string

// The sections, in the order in which they come.
const (
	targetsSection  section = "targets"
	adHocSection    section = "adhoc"
	pushedSection   section = "pushed"
	failuresSection section = "failures"
)

var sections = [...]section{targetsSection, adHocSection, pushedSection, failuresSection}

// maxFilter is the longest text to filter by, in bytes. It is repeated in every
// link of the page.
const maxFilter = 200

// refreshes are after how long the page can be loaded again.
var refreshes = [...]string{"10s", "30s", "1m", "5m"}

// view is what of the status page is wanted, and in which order.
type view struct {
	Text       string // that rows must contain
	State      string // that rows must have; "" for any
	Sort       string // the key of a column; "" for the most urgent first
	Descending bool
	Refresh    string          // after how long the page is loaded again; "" for never
	pages      map[section]int // from 1, those that are not the first
}

// parseView reads the parameters of the status page. It does not mind those
// that it does not know. Its error is for the person who wrote them.
func parseView(rawQuery string) (view, error) {
	v := view{pages: map[section]int{}}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return v, fmt.Errorf("the query cannot be read: %w", err)
	}
	if v.Text = query.Get("q"); len(v.Text) > maxFilter {
		return v, fmt.Errorf("parameter q has %d bytes: it can have %d", len(v.Text), maxFilter)
	}
	if v.State = query.Get("state"); v.State != "" && !slices.Contains(stateKeys(), v.State) {
		return v, fmt.Errorf("parameter state is %q: known are %s", v.State, commas(stateKeys()))
	}
	v.Sort, v.Descending = sortOf(query.Get("sort"))
	if v.Sort != "" && !slices.Contains(columnKeys(), v.Sort) {
		return v, fmt.Errorf("parameter sort is %q: known are %s, with a - in front for the other direction", query.Get("sort"), commas(columnKeys()))
	}
	if v.Refresh = query.Get("refresh"); v.Refresh != "" && !slices.Contains(refreshes[:], v.Refresh) {
		return v, fmt.Errorf("parameter refresh is %q: known are %s", v.Refresh, commas(refreshes[:]))
	}
	for _, s := range sections {
		text := query.Get(string(s))
		if text == "" {
			continue
		}
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 {
			return v, fmt.Errorf("parameter %s is %q: it must be the number of a page, from 1", s, text)
		}
		v.pages[s] = number
	}
	return v, nil
}

// sortOf is the column that the parameter names.
func sortOf(text string) (key string, descending bool) {
	if text != "" && text[0] == '-' {
		return text[1:], true
	}
	return text, false
}

// sortText is what sortOf reads.
func (v view) sortText() string {
	if v.Descending {
		return "-" + v.Sort
	}
	return v.Sort
}

// page is the number of a section's page, from 1.
func (v view) page(s section) int { return max(v.pages[s], 1) }

// query is the parameters that make the view.
func (v view) query() string {
	query := url.Values{}
	for name, value := range map[string]string{"q": v.Text, "state": v.State, "sort": v.sortText(), "refresh": v.Refresh} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for s, number := range v.pages {
		if number > 1 {
			query.Set(string(s), strconv.Itoa(number))
		}
	}
	return query.Encode()
}

// link is where the view is shown, at the section.
func (v view) link(prefix string, s section) string {
	link := prefix + "/"
	if query := v.query(); query != "" {
		link += "?" + query
	}
	return link + "#" + string(s)
}

// withPage is the view with another page of a section.
func (v view) withPage(s section, number int) view {
	pages := map[section]int{s: number}
	for other, number := range v.pages {
		if other != s {
			pages[other] = number
		}
	}
	v.pages = pages
	return v
}

// withState is the view of another state, from the first pages.
func (v view) withState(state string) view {
	v.State, v.pages = state, nil
	return v
}

// withSort is the view in the order of a column, or in the opposite one if it
// is that already, from the first pages.
func (v view) withSort(key string) view {
	v.Descending = v.Sort == key && !v.Descending
	v.Sort, v.pages = key, nil
	return v
}
