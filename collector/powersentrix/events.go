package powersentrix

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

const (
	// pageSize is how many records the portal lists at a time.
	pageSize = 50
	// maxPages is how many pages of new records one reading takes.
	maxPages = 20
	// maxCodes is how many codes of one UPS are told apart, and maxCode how many
	// bytes a code may have. Records of all others have the code other.
	maxCodes  = 256
	maxCode   = 64
	otherCode = "other"
)

// eventLog counts the records that the portal lists for one UPS. The zero
// eventLog has not seen the list.
//
// What is on the list at first sight is old: it tells which codes there are, and
// counts as 0. Prometheus takes a counter that has become smaller for one that
// began at 0. If the records on the list were counted, each restart of the
// exporter would be a number of events that have not happened.
type eventLog struct {
	begun  bool
	newest int64 // the highest number seen
	codes  map[string]count
}

// count is what is known of one code.
type count struct {
	total uint64
	last  time.Time // when the newest was received; zero for none
}

// events is what is exported.
func (l *eventLog) events() []power.Event {
	var events []power.Event
	for _, code := range slices.Sorted(maps.Keys(l.codes)) {
		events = append(events, powersentrix.CountedEvent(code, l.codes[code].total, l.codes[code].last))
	}
	return events
}

// code is under what the records of a code are counted.
func (l *eventLog) code(code string) string {
	if _, known := l.codes[code]; !known && (len(code) > maxCode || len(l.codes) >= maxCodes-1) {
		return otherCode
	}
	return code
}

// fresh are the records of a list that a log does not have yet, gathered page by
// page.
type fresh struct {
	log    *eventLog
	order  []int64          // their numbers in the order of the list
	codes  map[int64]string // by number
	newest int64
}

func newFresh(l *eventLog) *fresh {
	return &fresh{log: l, codes: map[int64]string{}, newest: l.newest}
}

// take takes the next page, and reports whether there may be more of them on
// another one. An error says that the list cannot be counted.
func (f *fresh) take(page []powersentrix.Event) (more bool, err error) {
	before := len(f.order)
	var ids []int64
	reached := false
	for _, e := range page {
		e.Ord = powersentrix.Number{} // which begins anew with the UPS, unlike the portal's id
		id, ok := e.Sequence()
		if !ok {
			continue
		}
		ids = append(ids, id)
		if _, taken := f.codes[id]; taken {
			continue
		}
		if f.log.begun && id <= f.log.newest {
			reached = true
			continue
		}
		f.order = append(f.order, id)
		f.codes[id] = e.Code.String()
		f.newest = max(f.newest, id)
	}
	full := len(page) >= pageSize
	switch {
	case len(page) > 0 && len(ids) == 0:
		return false, errors.New("the records have no id, by which new ones could be told from old ones")
	case full && ids[0] < ids[len(ids)-1]:
		return false, errors.New("the oldest records are listed first: only a list with the newest first can be read")
	}
	return full && f.log.begun && !reached && len(f.order) > before, nil
}

// count adds the records to the log.
func (f *fresh) count(now time.Time) {
	l := f.log
	if l.codes == nil {
		l.codes = map[string]count{}
	}
	for _, id := range f.order {
		code := l.code(f.codes[id])
		c := l.codes[code]
		if l.begun {
			c.total++
			c.last = now
		}
		l.codes[code] = c
	}
	l.newest, l.begun = f.newest, true
}

// events reads the records that are new. They count once all of them were read,
// so that none is lost if a page is.
func (r *reading) events(ctx context.Context, u *unit) error {
	f := newFresh(&u.log)
	for page := range maxPages {
		more, err := r.eventPage(ctx, u, page, f)
		if err != nil {
			return fmt.Errorf("events: %w", err)
		}
		if !more {
			f.count(time.Now())
			return nil
		}
	}
	f.count(time.Now())
	return fmt.Errorf("events: there are more than %d new ones: the newest are counted, the others never will be", maxPages*pageSize)
}

// eventPage reads one page, counted from 0.
func (r *reading) eventPage(ctx context.Context, u *unit, page int, f *fresh) (more bool, err error) {
	id := u.item.ID.String()
	q := question{
		path: r.log, id: id, missing: "look at log_path of the module",
		query: url.Values{"id": {id}, "page": {strconv.Itoa(page)}, "limit": {strconv.Itoa(pageSize)}},
	}
	err = r.get(ctx, q, func(body []byte) error {
		records, err := powersentrix.DecodeEvents(body)
		if err != nil {
			return err
		}
		more, err = f.take(records)
		return err
	})
	return more, err
}
