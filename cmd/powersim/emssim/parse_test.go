package emssim

import (
	"net/url"
	"slices"
	"testing"
)

// A query is refused, or asks for a page that there can be, of an endpoint that
// knows the filter.
func FuzzQuery(f *testing.F) {
	for _, raw := range []string{
		"", "uids=1,2,59", "uids=", "uids=1,,2", "protocol=tcp", "protocol=TCP", "limit=100&page=2", "limit=0", "page=-1", "limit=1e3", "uids=%31",
		"start=1735689600000&end=1735776000000", "limit=9223372036854775807&page=9223372036854775807", "uids=1;2", "%", "limit=1&limit=2",
	} {
		for e := version; e <= history; e++ {
			f.Add(raw, int(e))
		}
	}
	f.Fuzz(func(t *testing.T, raw string, kind int) {
		e := endpoint(kind)
		if e < version || e > history {
			return
		}
		q, err := parseQuery(raw, e)
		if err != nil {
			return
		}
		if q.limit < 1 || q.page < 1 || q.protocol != "" && !slices.Contains(protocols(), q.protocol) || slices.ContainsFunc(q.uids, func(uid int) bool { return uid < 0 }) {
			t.Errorf("%q: %+v", raw, q)
		}
		values, err := url.ParseQuery(raw)
		if err != nil {
			t.Errorf("%q was taken: %v", raw, err)
		}
		if values.Has("uids") != (q.uids != nil) && e.isList() || !e.isList() && q.uids != nil || !e.hasProtocol() && q.protocol != "" || !e.isPaged() && (q.limit != defaultLimit || q.page != 1) {
			t.Errorf("%q of %d: %+v", raw, e, q)
		}
		all := []Value{{UID: 1}, {UID: 2}, {UID: 3}}
		if page := selected(all, q, anyOf[Value]); len(page) > q.limit {
			t.Errorf("%d of %d", len(page), q.limit)
		}
	})
}
