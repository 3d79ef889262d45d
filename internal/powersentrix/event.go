package powersentrix

import (
	"math"
	"strings"
	"time"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Event is one record of a UPS's log: the body of setUpsLog, or a member of the
// portal's list. The timestamp is the device's local time without a zone: good
// for telling records apart, and of no use as a time.
type Event struct {
	Ord         Number       `json:"ord"`  // the UPS's own number of the record
	ID          Number       `json:"id"`   // the portal's number of the record
	Code        lenient.Text `json:"code"` // such as I/E01
	CMM         lenient.Text `json:"cmm"`
	Description lenient.Text `json:"description"` // for people: such as Output 1 turned ON
	Params      lenient.Text `json:"params"`
	Timestamp   lenient.Text `json:"timestamp"` // such as 2026-05-08 14:32:01, local time
}

// DecodeEvent reads the body of setUpsLog. An error says that it is no JSON
// object, or, being [ErrNothing], that it
// has none of an Event's members.
func DecodeEvent(data []byte) (Event, error) {
	var e Event
	err := decode(data, &e)
	return e, err
}

// DecodeEvents reads the portal's list of records. An error says that it is no
// list, or that the portal refused.
func DecodeEvents(data []byte) ([]Event, error) { return list[Event](data) }

// Sequence is the number by which a record is told from the others of its UPS:
// ord of a pushed record, id of one from the portal. It is absent (false) where
// there is none, or no whole number that a float64 holds exactly.
func (e Event) Sequence() (int64, bool) {
	n, ok := power.Raw(e.Ord.Number).Or(power.Raw(e.ID.Number)).Get()
	if !ok || n != math.Trunc(n) || math.Abs(n) > 1<<53 {
		return 0, false
	}
	return int64(n), true
}

// Time is the timestamp as if it were of UTC; the zero time where there is none,
// or another text. The portal writes a T between date and time.
func (e Event) Time() time.Time {
	t, err := time.Parse(time.DateTime, strings.Replace(e.Timestamp.String(), "T", " ", 1))
	if err != nil {
		return time.Time{}
	}
	return t
}

// CountedEvent maps what is known of one code: the number of records received,
// and when the newest was. The event has no name: no table of codes is
// documented, and a record's description is free text, which may differ from
// record to record.
func CountedEvent(code string, total uint64, received time.Time) power.Event {
	return power.Event{
		Code:  code,
		Total: power.Count(power.Of(total)),
		Last:  power.Timestamp(received),
	}
}
