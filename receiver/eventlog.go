package receiver

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"power_exporter/power"
)

// Bounds of what one device's event records can make the exporter remember.
const (
	maxCodes     = 256 // distinct codes of one device
	maxCodeText  = 64  // bytes of a code
	maxEventName = 128 // bytes of an event's name
	maxEventText = 256 // bytes of the newest record's text
)

// otherCode takes the records of all codes beyond maxCodes.
const otherCode = "other"

// EventRecord is one event that a device reports.
type EventRecord struct {
	Code  string // the vendor's code
	Name  string // the code's name in the vendor's table, never free text
	Text  string // what the device says, for people; never a label
	At    time.Time
	Value power.Value // the reading that the record carries, in the event's own unit
}

// EventLog counts the event records of one device. The zero EventLog is that of
// a device that has not reported any.
type EventLog struct {
	recent recent
	reset  bool // the device may have reset its log since the newest record
	codes  map[string]eventCount
	text   string // of the newest record
	textAt time.Time
}

// eventCount is what is known of one code.
type eventCount struct {
	name  string
	total uint64
	last  time.Time
	value power.Value
}

// Count counts a record of a device that sends each again until it knows that it
// has arrived. It reports whether the record was new.
//
// A record is known by its Origin, so that no number makes another one count
// less. The 128 newest are remembered; one that has both a lower number and an
// older time than most of them is taken for one before them, unless the log may
// have been reset since. Records may arrive in any order within that.
func (l *EventLog) Count(o Origin, r EventRecord) bool {
	record := o.remembered()
	if l.reset && l.recent.startsAnew(record) {
		l.recent = nil
	}
	if l.recent.has(record) {
		return false
	}
	if l.recent.outdated(record) {
		if !l.reset {
			return false
		}
		l.recent = nil // the clock began anew with the log
	}
	l.reset = false
	l.recent.add(record)
	l.Add(r)
	return true
}

// Add counts a record of which nothing says that it is sent again.
func (l *EventLog) Add(r EventRecord) {
	code := cut(r.Code, maxCodeText)
	count, known := l.codes[code]
	if !known && len(l.codes) >= maxCodes-1 {
		code, r.Name = otherCode, otherCode
		count = l.codes[code]
	}
	if l.codes == nil {
		l.codes = map[string]eventCount{}
	}
	l.codes[code] = eventCount{
		name:  cut(r.Name, maxEventName),
		total: count.total + 1,
		last:  r.At,
		value: r.Value,
	}
	l.text, l.textAt = cut(r.Text, maxEventText), r.At
}

// MarkReset notes that the device may have begun its log anew: a PowerSentrix
// UPS may when it sends setNewUps. The next record has a lower number than the
// newest one if it did, and may have an older time, since the clock began anew too.
func (l *EventLog) MarkReset() { l.reset = true }

// notAfter makes times to come the present one, and reports whether there were
// any.
func (l *EventLog) notAfter(now time.Time) (changed bool) {
	for code, c := range l.codes {
		if c.last.After(now) {
			c.last, changed = now, true
			l.codes[code] = c
		}
	}
	if l.textAt.After(now) {
		l.textAt, changed = now, true
	}
	return changed
}

// Events is what the device exports, by code.
func (l *EventLog) Events() []power.Event {
	if len(l.codes) == 0 {
		return nil
	}
	events := make([]power.Event, 0, len(l.codes))
	for _, code := range slices.Sorted(maps.Keys(l.codes)) {
		c := l.codes[code]
		events = append(events, power.Event{
			Code:      code,
			Event:     c.name,
			Total:     power.Count(power.Of(c.total)),
			Last:      power.Timestamp(c.last),
			LastValue: c.value,
		})
	}
	return events
}

// Newest is the text of the newest record and when it was received; the zero
// time if there is none.
func (l *EventLog) Newest() (text string, at time.Time) { return l.text, l.textAt }

// cut shortens text to so many bytes of valid UTF-8.
func cut(text string, size int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= size {
		return text
	}
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	return strings.Clone(text[:size])
}
