package ems

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

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
// a list that is really empty says so.
func decodeList[T any, P entry[T]](member string, data []byte) (list []T, odd int, err error) {
	var answer map[string]json.RawMessage
	if err := lenient.Decode(data, &answer); err != nil {
		return nil, 0, err
	}
	raw, ok := answer[member]
	if !ok {
		return nil, 0, fmt.Errorf("the answer is JSON of another kind: it has no member %s", member)
	}
	var all []T
	switch raw = bytes.TrimSpace(raw); raw[0] {
	case '{', 'n':
		all, err = keyed[T, P](raw)
	case '[':
		var members lenient.List[T]
		err = members.UnmarshalJSON(raw)
		all = members
	default:
		err = fmt.Errorf("the answer is JSON of another kind: its member %s is no list", member)
	}
	if err != nil {
		return nil, 0, err
	}
	for i := range all {
		if P(&all[i]).usable() && P(&all[i]).key().String() != "" {
			list = append(list, all[i])
		}
	}
	odd = len(all) - len(list)
	if len(list) == 0 && odd > 0 {
		return nil, odd, fmt.Errorf("the answer is JSON of another kind: nothing in its %s is as expected", member)
	}
	slices.SortFunc(list, func(a, b T) int { return byUID(P(&a).key().String(), P(&b).key().String()) })
	return list, odd, nil
}

// keyed reads an object of entries, or null. An entry without a uid of its own
// has that of its key, if there is anything in it. One of another kind is empty.
func keyed[T any, P entry[T]](raw []byte) (all []T, err error) {
	var object map[string]T
	err = json.Unmarshal(raw, &object)
	if _, kind := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !kind {
		return nil, err
	}
	all = make([]T, 0, len(object))
	for key, one := range object {
		if uid := P(&one).key(); P(&one).usable() && uid.String() == "" {
			*uid = lenient.Text(key)
		}
		all = append(all, one)
	}
	return all, nil
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
		return "", fmt.Errorf("the answer is JSON of another kind: it has no member %s with a text", member)
	}
	return text, nil
}
