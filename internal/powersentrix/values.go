package powersentrix

import (
	"bytes"
	"encoding/json"

	"power_exporter/power"
)

// Number is a number as the device wrote it. Unlike [power.Number] it can be
// written as JSON too, which a [State] that is kept needs.
type Number struct{ power.Number }

// MarshalJSON implements [json.Marshaler]: the number, or null where it is
// absent.
func (n Number) MarshalJSON() ([]byte, error) {
	f, ok := power.Raw(n.Number).Get()
	if !ok {
		return []byte("null"), nil
	}
	return json.Marshal(f)
}

// maxSlots is how much of a list is read. The longest documented list has 12
// members; a push of 1 MiB could hold half a million, each a metric.
const maxSlots = 128

// Slots is a JSON list whose members are known by their place, such as the
// voltages of outputs 0 to 11. A member that is null or of another kind than T
// is the zero T, and those after it keep their place. One value where a list
// belongs is a list of it. It reads 128 members at most.
//
// A list that is decoded onto another replaces it, members and all: package
// json alone would leave in a member what the old one had more than the new.
type Slots[T any] []T

// UnmarshalJSON implements [json.Unmarshaler], and never fails.
func (s *Slots[T]) UnmarshalJSON(data []byte) error {
	*s = nil
	data = bytes.TrimSpace(data)
	if len(data) == 0 || string(data) == "null" {
		return nil
	}
	var members []json.RawMessage
	if data[0] == '[' {
		// Whoever calls has found the data to be JSON, so this cannot fail.
		_ = json.Unmarshal(data, &members)
	} else {
		members = append(members, data)
	}
	for _, member := range members[:min(len(members), maxSlots)] {
		var one T
		// An error is about a member of another kind, which stays absent.
		_ = json.Unmarshal(member, &one)
		*s = append(*s, one)
	}
	return nil
}

// at is the member at a place, or the zero T where the list is shorter.
func (s Slots[T]) at(i int) T {
	if i < len(s) {
		return s[i]
	}
	var none T
	return none
}
