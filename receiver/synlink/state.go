package synlink

import (
	"encoding/json"
	"fmt"
	"time"

	"power_exporter/receiver"
)

// state is what is kept of a unit, as JSON: a web hook with the objects of the
// last post that had them, as the unit wrote them, and when that was. Which
// objects a post has is up to the unit's owner, and may differ from event to
// event, so that those it does not have stay, but not for longer than a reading
// is exported.
type state struct {
	EnclosureSerialNumber string `json:"enclosureSerialNumber"`
	parts
	Received received `json:"received"`
}

// parts are the lists of objects in a web hook; nil for one that is not there.
type parts struct {
	Inlets  json.RawMessage `json:"inlets,omitempty"`
	Banks   json.RawMessage `json:"banks,omitempty"`
	Outlets json.RawMessage `json:"outlets,omitempty"`
	Sensors json.RawMessage `json:"sensors,omitempty"`
}

// received is when each of the parts was received; the zero time for one that
// is not there.
type received struct {
	Inlets  time.Time `json:"inlets,omitzero"`
	Banks   time.Time `json:"banks,omitzero"`
	Outlets time.Time `json:"outlets,omitzero"`
	Sensors time.Time `json:"sensors,omitzero"`
}

// merge takes the parts of a unit's post into the state of its entry.
func (a acceptor) merge(e *receiver.Entry, now time.Time, serial string, said *parts) error {
	var s state
	if e.State != nil {
		if err := json.Unmarshal(e.State, &s); err != nil {
			return fmt.Errorf("decoding the state: %w", err)
		}
	}
	s.EnclosureSerialNumber = serial
	for _, part := range []struct {
		kept, said *json.RawMessage
		received   *time.Time
	}{
		{&s.Inlets, &said.Inlets, &s.Received.Inlets},
		{&s.Banks, &said.Banks, &s.Received.Banks},
		{&s.Outlets, &said.Outlets, &s.Received.Outlets},
		{&s.Sensors, &said.Sensors, &s.Received.Sensors},
	} {
		if listed(*part.said) {
			*part.kept, *part.received, e.Measured = *part.said, now, now
		} else if old(part.received, now, a.expireAfter) {
			*part.kept = nil
		}
	}
	var err error
	e.State, err = json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encoding the state: %w", err)
	}
	return nil
}

// listed reports whether JSON is a list, or the one object that some units
// write where there is only one.
func listed(data json.RawMessage) bool {
	return len(data) > 0 && (data[0] == '[' || data[0] == '{')
}

// old reports whether a part was received too long ago, and clears the time if
// it was. A time to come is that of a clock which was wrong then.
func old(received *time.Time, now time.Time, after time.Duration) bool {
	if received.After(now) {
		*received = now
	}
	if now.Sub(*received) < after {
		return false
	}
	*received = time.Time{}
	return true
}
