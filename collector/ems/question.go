package ems

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxFilter is how many bytes of uids a URL may have. With the rest of it that is
// less than 2,000, which every web server takes.
const maxFilter = 1500

// looks reports whether to look behind a page of a list that is not full. Once
// the signals have been read, it is known how many entries a full one has.
func (c *Collector) looks(e endpoint) bool {
	return e == signals || e == realtime && c.known == nil
}

// pager gets the pages of a list: those that were asked for beforehand, and
// then one after the other.
func (c *Collector) pager(ctx context.Context, e endpoint, asked []answer) func(int) answer {
	return func(page int) answer {
		if page <= len(asked) {
			return asked[page-1]
		}
		return c.client.ask(ctx, c.question(e, page))
	}
}

// questions asks for all pages of a list that will probably have to be read: those
// that it had the last time, and a look behind them.
func (c *Collector) questions(e endpoint) []question {
	pages := max(c.pages[e], 1)
	if c.looks(e) {
		pages++
	}
	questions := make([]question, pages)
	for i := range questions {
		questions[i] = c.question(e, i+1)
	}
	return questions
}

// question asks for one page of a list, or for something that is none.
func (c *Collector) question(e endpoint, page int) question {
	query, size := url.Values{}, c.pageSize
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	switch e {
	case devices:
		set("uids", c.uids)
		set("protocol", c.choice.protocol)
	case loads:
		set("protocol", c.choice.protocol)
	case realtime:
		set("uids", c.filter)
		size = c.size
	default: // all there is
	}
	switch {
	case e.paged():
		set("limit", strconv.Itoa(size))
		set("page", strconv.Itoa(page))
	case page > 1:
		set("limit", strconv.Itoa(defaultSize))
		set("page", strconv.Itoa(page))
	}
	return question{endpoint: e, query: query, page: page}
}

// parameter writes uids for a URL; empty if that would be too long for it, so
// that all has to be read.
func parameter(uids []string) string {
	text := strings.Join(uids, ",")
	if len(url.QueryEscape(text)) > maxFilter {
		return ""
	}
	return text
}

// narrow is the uids of the signals to read, where the module does not read all.
func (c *Collector) narrow() string {
	if c.choice.everything() {
		return ""
	}
	var uids []string
	for _, m := range c.meters {
		for _, ch := range m.channels {
			for _, s := range ch.signals {
				if ch.on() && s.on() {
					uids = append(uids, s.UID.String())
				}
			}
		}
	}
	slices.SortFunc(uids, byUID)
	return parameter(uids)
}
