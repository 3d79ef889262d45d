package powerpulse

import (
	"encoding/json"
	"errors"
	"fmt"

	"power_exporter/internal/lenient"
)

// What the answer may become is bounded, far beyond what there is. Its bytes
// are bounded already.
const (
	maxSystems = 2000
	maxMembers = 4000 // of an object
)

// system is one UPS as PowerPulse lists it. Everything is as it was written,
// and empty where it is null, missing, or of another kind.
type system struct {
	ID          lenient.Text `json:"id"`          // of the record in PowerPulse
	Name        lenient.Text `json:"name"`        // of the record in PowerPulse
	Nickname    lenient.Text `json:"nickname"`    // given by its owner
	DisplayName lenient.Text `json:"displayName"` // the nickname or the name
	UPSName     lenient.Text `json:"upsName"`     // on the NUT server
	NUTServerID lenient.Text `json:"nutServerId"` // of the record in PowerPulse

	Model            lenient.Text `json:"model"`
	Status           lenient.Text `json:"status"`           // one English word or two
	BatteryCharge    lenient.Text `json:"batteryCharge"`    // per cent
	BatteryVoltage   lenient.Text `json:"batteryVoltage"`   // volts
	InputVoltage     lenient.Text `json:"inputVoltage"`     // volts
	OutputVoltage    lenient.Text `json:"outputVoltage"`    // volts
	RuntimeRemaining lenient.Text `json:"runtimeRemaining"` // minutes, rounded
	Load             lenient.Text `json:"load"`             // per cent
	Temperature      lenient.Text `json:"temperature"`      // degrees Celsius, of the UPS

	BatteryDetails members `json:"batteryDetails"`
	DeviceDetails  members `json:"deviceDetails"`
	DriverDetails  members `json:"driverDetails"`
	InputDetails   members `json:"inputDetails"`
	OutputDetails  members `json:"outputDetails"`
	UPSDetails     members `json:"upsDetails"`

	// RawVariables are NUT's own, by their names. The program sends [] or {}
	// instead.
	RawVariables members `json:"rawVariables"`
}

// decode reads the list of UPS systems. What is in it and is no UPS system is
// left out, and the error says so.
func decode(body []byte) ([]system, error) {
	var whole json.RawMessage
	if err := lenient.Decode(body, &whole); err != nil {
		return nil, err
	}
	if whole[0] != '[' {
		return nil, errors.New("the answer is JSON of another kind: a list of UPS systems was expected")
	}
	var list []system
	entries, others, more := 0, 0, false
	for _, s := range lenient.Members[system](whole) {
		if more = entries == maxSystems; more {
			break
		}
		if entries++; s.deviceID() == "" {
			others++
			continue
		}
		list = append(list, s)
	}
	var errs []error
	if others > 0 {
		errs = append(errs, fmt.Errorf("%d of %d entries of the list are no UPS systems: they have neither upsName, name nor id", others, entries))
	}
	if more {
		errs = append(errs, fmt.Errorf("the list has more than %d entries; the others are left out", maxSystems))
	}
	return list, errors.Join(errs...)
}

// members are those of a JSON object that are text, numbers or booleans, as
// they were written. What is no object has none.
type members map[string]string

// UnmarshalJSON implements [json.Unmarshaler], and never fails.
func (m *members) UnmarshalJSON(data []byte) error {
	*m = nil
	if len(data) == 0 || data[0] != '{' {
		return nil
	}
	*m = members{}
	for name, value := range lenient.Members[json.RawMessage](data) {
		if isScalar(value) {
			var text lenient.Text
			_ = text.UnmarshalJSON(value) // it never fails
			(*m)[name] = string(text)
		}
		if len(*m) >= maxMembers {
			break
		}
	}
	return nil
}

// isScalar reports whether a JSON value is text, a number or a boolean.
func isScalar(value json.RawMessage) bool {
	return len(value) > 0 && value[0] != '{' && value[0] != '[' && value[0] != 'n'
}
