package ems

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"power_exporter/internal/lenient"
)

// entry is a pointer to what a list holds.
type entry[T any] interface {
	*T
	key() *lenient.Text // the uid
	usable() bool       // whether there is enough in it to be one
}

// decodeList reads the list that an answer has as the member, which is an object
// keyed by uid, {"devices": {"59": {"uid": 59, …}}}, or an array. Entries that
// make no sense are left out and counted. An answer of nothing else is an error:
// a list that is really empty says so. So is one with more entries than most.
func decodeList[T any, P entry[T]](member string, data []byte, most int) (list []T, odd int, err error) {
	var answer map[string]json.RawMessage
	if err := lenient.Decode(data, &answer); err != nil {
		return nil, 0, err
	}
	raw, ok := answer[member]
	if !ok {
		return nil, 0, fmt.Errorf("the answer is JSON of another kind: it has no member %s: is this an EMS?", member)
	}
	if strings.IndexByte("{[n", raw[0]) < 0 {
		return nil, 0, fmt.Errorf("the answer is JSON of another kind: its member %s is no list", member)
	}
	for key, one := range lenient.Members[T](raw) {
		if len(list)+odd >= most {
			return nil, 0, errTooMany
		}
		p := P(&one)
		// An entry without a uid of its own has that of its key, if there is anything
		// in it.
		if uid := p.key(); p.usable() && uid.String() == "" {
			*uid = lenient.Text(key)
		}
		if p.usable() && p.key().String() != "" {
			list = append(list, one)
		} else {
			odd++
		}
	}
	if len(list) == 0 && odd > 0 {
		return nil, odd, fmt.Errorf("the answer is JSON of another kind: nothing in its %s is as expected", member)
	}
	slices.SortStableFunc(list, func(a, b T) int { return byUID(P(&a).key().String(), P(&b).key().String()) })
	return list, odd, nil
}

// byUID orders uids as people count, 2 before 10.
func byUID(a, b string) int {
	m, _ := strconv.Atoi(a)
	n, _ := strconv.Atoi(b)
	return cmp.Or(cmp.Compare(m, n), cmp.Compare(a, b))
}

// decodeText reads the one text that an answer has as the member.
func decodeText(member string, data []byte) (string, error) {
	var answer map[string]lenient.Text
	if err := lenient.Decode(data, &answer); err != nil {
		return "", err
	}
	text := answer[member].String()
	if text == "" {
		return "", fmt.Errorf("the answer is JSON of another kind: it has no member %s with a text: is this an EMS?", member)
	}
	return text, nil
}
