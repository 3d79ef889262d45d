package ems

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxFilter is how many bytes of uids a URL may have. With the rest of it that is
// less than 2,000, which every web server takes.
const maxFilter = 1500

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
	length := len(uids) - 1 // the commas, which are not escaped
	for _, uid := range uids {
		length += len(url.QueryEscape(uid))
	}
	if length > maxFilter {
		return ""
	}
	return strings.Join(uids, ",")
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
