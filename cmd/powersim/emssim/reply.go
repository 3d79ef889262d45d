package emssim

import (
	"encoding/json"
	"slices"
	"strconv"
)

// reply is what an endpoint tells; uid is 0 for the list. It is nil where there
// is nothing of that uid, or where the model has none of it.
func (s *EMS) reply(e endpoint, uid int, q query) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m := &s.model
	if uid != 0 {
		q.uids, q.limit, q.page = []int{uid}, 1, 1
	}
	if limit := s.options.PageMax; limit > 0 {
		q.limit = min(q.limit, limit)
	}
	switch e {
	case serialNumber:
		return single("sn", m.SerialNumber)
	case mac:
		return single("mac", m.MAC)
	case devices:
		q.limit = len(m.Devices)
		return list("devices", uid, selected(m.Devices, q, func(d Device) bool { return m.speaks(d, q.protocol) }))
	case loads:
		q.limit = len(m.Loads)
		return list("loads", uid, selected(m.Loads, q, func(l Load) bool { return q.protocol == "" || l.protocol() == q.protocol }))
	case signals:
		return list("signals", uid, selected(m.Signals, q, anyOf[Signal]))
	case realtime:
		return list("realtime", uid, selected(m.Realtime, q, anyOf[Value]))
	case history:
		return historyOf(uid, q)
	case version, login:
	}
	return nil
}

// single is an object with one text, nil where there is none.
func single(name, text string) []byte {
	if text == "" {
		return nil
	}
	return marshal(map[string]string{name: text})
}

// anyOf takes everything.
func anyOf[T any](T) bool { return true }

// selected is the page of a list that a query asks for.
func selected[T entry](all []T, q query, keep func(T) bool) []T {
	var page []T
	if q.limit == 0 || q.page-1 > len(all)/q.limit {
		return nil
	}
	skip := (q.page - 1) * q.limit
	for _, v := range all {
		if q.uids != nil && !slices.Contains(q.uids, v.id()) || !keep(v) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if len(page) == q.limit {
			break
		}
		page = append(page, v)
	}
	return page
}

// list is an object with the entries keyed by their uids, in their order; nil
// where one was asked for, and is not there.
func list[T entry](name string, uid int, entries []T) []byte {
	if uid != 0 && len(entries) == 0 {
		return nil
	}
	body := append([]byte(`{"`), name...)
	body = append(body, `":{`...)
	for i, v := range entries {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, '"')
		body = strconv.AppendInt(body, int64(v.id()), 10)
		body = append(body, `":`...)
		body = append(body, marshal(v)...)
	}
	return append(body, "}}"...)
}

// marshal writes what is known to be possible as JSON.
func marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // a value that is no number of JSON, which only a test can have set
	}
	return text
}
