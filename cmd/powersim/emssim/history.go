package emssim

import (
	"cmp"
	_ "embed" // for the sample
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// sample is the document's sample of GET /v1/history.
//
//go:embed history.json
var sample []byte

// record is a part of the history of a signal.
type record struct {
	UID int     `json:"uid"`
	T   int64   `json:"t"` // seconds since 1970
	P   int64   `json:"p"` // likewise
	V   float64 `json:"v"`
	D   int     `json:"d"`
	Max float64 `json:"max"`
	Min float64 `json:"min"`
}

// historyOf is what the history tells: an object of arrays keyed by uid, or for
// one uid the array alone, as the document prints them; nil for a uid that has
// none. Every record is of the sample, whatever range or page is asked for.
func historyOf(uid int, q query) []byte {
	var answer struct {
		History map[int][]record `json:"history"`
	}
	if err := json.Unmarshal(sample, &answer); err != nil {
		panic(err) // it is part of the program
	}
	if uid != 0 {
		if len(answer.History[uid]) == 0 {
			return nil
		}
		return marshal(answer.History[uid])
	}
	maps.DeleteFunc(answer.History, func(uid int, _ []record) bool { return q.uids != nil && !slices.Contains(q.uids, uid) })
	body := []byte(`{"history":{`)
	for i, uid := range slices.SortedFunc(maps.Keys(answer.History), cmp.Compare) {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(strconv.AppendInt(append(body, '"'), int64(uid), 10), `":`...)
		body = append(body, marshal(answer.History[uid])...)
	}
	return append(body, "}}"...)
}
