package synlinksim

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Spelling is how ids and serial numbers are written.
type Spelling int

// How ids are written. The document has bank ids and serial numbers both as
// numbers and as strings.
const (
	AsRecorded Spelling = iota
	AsNumber            // an id of digits only is a number
	AsString            // every id is a string
)

// Quirks are spellings in which firmwares, and the document's own samples,
// differ. The zero Quirks leave everything as recorded.
type Quirks struct {
	// IDs is for id, bankId, sensorId and the serial numbers.
	IDs Spelling
	// State is how an outlet's state is spelled: "ON", "On" or "on" ("OFF",
	// "Off" or "off" alike); "" is as recorded.
	State string
	// StringNumbers writes every number that is no id as a string.
	StringNumbers bool
}

// leaf writes a value in the quirks' way; nil where there are none.
func (q Quirks) leaf() leaf {
	if q == (Quirks{}) {
		return nil
	}
	return func(key string, value any) any {
		switch {
		case isID(key):
			return q.id(value)
		case key == "state":
			return q.state(value)
		}
		if n, ok := value.(json.Number); ok && q.StringNumbers {
			return n.String()
		}
		return value
	}
}

// isID says whether a member of that name is an id or a serial number.
func isID(key string) bool {
	switch key {
	case "id", "bankId", "sensorId", "enclosureSerialNumber", "controllerSerialNumber", "serialNumber":
		return true
	}
	return false
}

// id writes an id.
func (q Quirks) id(value any) any {
	switch v := value.(type) {
	case string:
		if _, err := strconv.ParseUint(v, 10, 64); q.IDs == AsNumber && err == nil {
			return json.Number(v)
		}
	case json.Number:
		if q.IDs == AsString {
			return v.String()
		}
	}
	return value
}

// state writes an outlet's state; those of relays and inputs are others.
func (q Quirks) state(value any) any {
	s, ok := value.(string)
	if !ok || !strings.EqualFold(s, "ON") && !strings.EqualFold(s, "OFF") {
		return value
	}
	switch q.State {
	case "ON":
		return strings.ToUpper(s)
	case "On":
		return strings.ToUpper(s[:1]) + strings.ToLower(s[1:])
	case "on":
		return strings.ToLower(s)
	}
	return s
}
