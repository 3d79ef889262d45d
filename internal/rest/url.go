package rest

import (
	"net/url"
	"strings"
	"unicode"
)

// URL is where a request goes, without the values that are secrets: as it may
// be shown.
func (c *Client) URL(r Request) string {
	shown := c.address(r)
	query := shown.Query()
	for _, name := range r.Hidden {
		if query.Has(name) {
			query.Set(name, "hidden")
		}
	}
	shown.RawQuery = encode(query)
	return shown.String()
}

// address is where a request goes.
func (c *Client) address(r Request) *url.URL {
	u := c.base
	u.Path = strings.TrimSuffix(c.base.Path, "/") + r.Path
	u.RawQuery = encode(r.Query)
	return &u
}

// encode writes a query. A comma stays one, as in the vendors' documents: not
// every small web server knows it by its escape.
func encode(query url.Values) string { return strings.ReplaceAll(query.Encode(), "%2C", ",") }

const (
	// maxShown is how much of an URL is shown: it may name hundreds of signals.
	maxShown = 300
	// maxOrigin is how much is shown of where a server points to.
	maxOrigin = 100
)

// origin is the part of a URL that holds no secret, as it may be shown: a server
// may point anywhere, and a host may hold escapes of anything beyond ASCII.
func origin(u *url.URL) string {
	return cut(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(u.Scheme+"://"+u.Host, "?")), maxOrigin)
}

// cut is the beginning of a text that is too long.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
