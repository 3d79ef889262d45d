package emssim

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// query is what a request asks for of a list.
type query struct {
	uids        []int  // nil is all
	protocol    string // "" is all
	limit, page int    // page is from 1
}

// protocols are the values of the document's filter, which are the names of the
// blocks of loads.
func protocols() []string { return []string{"rtu", "tcp", "meterBus", "virtual", "P1"} }

// parseQuery reads the parameters that an endpoint knows; others are not looked
// at. The error is for the client.
func parseQuery(raw string, e endpoint) (query, error) {
	q := query{limit: defaultLimit, page: 1}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return query{}, errors.New("the query is malformed")
	}
	if e.isList() && values.Has("uids") {
		for text := range strings.SplitSeq(values.Get("uids"), ",") {
			uid, err := number("uids", text, 0)
			if err != nil {
				return query{}, err
			}
			q.uids = append(q.uids, uid)
		}
	}
	if e.hasProtocol() && values.Has("protocol") {
		q.protocol = values.Get("protocol")
		if !slices.Contains(protocols(), q.protocol) {
			return query{}, fmt.Errorf("protocol must be one of %s", strings.Join(protocols(), ", "))
		}
	}
	if e.isPaged() {
		for _, p := range []struct {
			name string
			to   *int
		}{{"limit", &q.limit}, {"page", &q.page}} {
			if !values.Has(p.name) {
				continue
			}
			if *p.to, err = number(p.name, values.Get(p.name), 1); err != nil {
				return query{}, err
			}
		}
	}
	if e == history {
		for _, name := range []string{"start", "end"} {
			if !values.Has(name) {
				continue
			}
			if _, err := number(name, values.Get(name), 0); err != nil {
				return query{}, err
			}
		}
	}
	return q, nil
}

// number reads a number that is not below least.
func number(name, text string, least int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		return 0, fmt.Errorf("%s must be a number from %d on", name, least)
	}
	return n, nil
}
