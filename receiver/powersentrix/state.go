package powersentrix

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"power_exporter/internal/powersentrix"
	"power_exporter/receiver"
)

// state is what is kept of a UPS, as JSON: what it has said, and when it said
// each part of its readings. A UPS says everything each time. If it ever says
// less, what it leaves out stays, but not for longer than a reading is exported.
type state struct {
	powersentrix.State
	Heard heard `json:"heard"`
}

// heard is when the parts were received that have readings; the zero time for
// one that is not there.
type heard struct {
	Ident   time.Time `json:"ident,omitzero"`
	Outputs time.Time `json:"outputs,omitzero"`
	UPSData time.Time `json:"upsData,omitzero"`
}

// merge takes what a push said into the state of an entry.
func (a acceptor) merge(e *receiver.Entry, now time.Time, said powersentrix.Payload, onto func(*powersentrix.State) error) error {
	s, err := parseState(e.State)
	if err != nil {
		return err
	}
	s.expire(now, a.expireAfter)
	if err := onto(&s.State); err != nil {
		return malformed(err)
	}
	if s.hear(said, now) {
		e.Measured = now
	}
	e.State, err = json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encoding the state: %w", err)
	}
	return nil
}

// parseState reads a state from the store; none is the zero state.
func parseState(data []byte) (state, error) {
	var s state
	if len(data) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("decoding the state: %w", err)
	}
	return s, nil
}

// hear notes which parts a push had. It reports whether the age of the readings
// starts again: upsData has nearly all of them, so that no other part makes
// them look newer than they are.
func (s *state) hear(said powersentrix.Payload, now time.Time) (newer bool) {
	ident, outputs, data := said.Config.Ident != (powersentrix.Ident{}), len(said.Config.Outputs) > 0, !reflect.ValueOf(said.UPSData).IsZero()
	if ident {
		s.Heard.Ident = now
	}
	if outputs {
		s.Heard.Outputs = now
	}
	if data {
		s.Heard.UPSData = now
	}
	return data || (ident || outputs) && s.Heard.UPSData.IsZero()
}

// expire forgets the readings of the parts that are too old. Who the UPS is and
// what its outputs are called stays.
func (s *state) expire(now time.Time, after time.Duration) {
	if old(&s.Heard.Ident, now, after) {
		was := s.Config.Ident
		s.Config.Ident = powersentrix.Ident{Serial: was.Serial, Type: was.Type, ComFirmware: was.ComFirmware, MainFirmware: was.MainFirmware}
	}
	if old(&s.Heard.Outputs, now, after) {
		for i, was := range s.Config.Outputs {
			s.Config.Outputs[i] = powersentrix.Output{ID: was.ID, Description: was.Description}
		}
	}
	if old(&s.Heard.UPSData, now, after) {
		s.UPSData = powersentrix.UPSData{}
	}
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
