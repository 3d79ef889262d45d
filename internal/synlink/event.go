package synlink

import (
	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Event is the Event Object: a trigger that the unit's owner has set up.
type Event struct {
	ID        lenient.Text `json:"id"`
	Name      lenient.Text `json:"name"`
	Code      lenient.Text `json:"code"` // see EventName
	Enabled   lenient.Flag `json:"enabled"`
	Triggered lenient.Flag `json:"triggered"`
}

// DecodeEvents reads what GET /api/events answers. The list is not nil unless
// there is an error.
func DecodeEvents(data []byte) ([]Event, error) { return decodeList[Event]("an event", "events", data) }

// disabled reports whether the unit does not look at the event's condition, so
// that "triggered": false says nothing.
func (e Event) disabled() bool { return e.Enabled == lenient.FlagOf("off") }

// device maps the event at an index of the list.
func (e Event) device(index int) power.Alarm {
	return power.Alarm{
		ID:     numbered(e.ID.String(), index),
		Name:   e.Name.String(),
		Code:   e.Code.String(),
		Active: e.Triggered.Value(),
	}
}
