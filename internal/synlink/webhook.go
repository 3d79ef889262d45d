package synlink

import (
	"errors"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Webhook is the Web Hook Data Structure, which a unit posts when an event is
// triggered: which event of which unit, and the objects that the action was
// told to add. A list is nil where the post has none.
type Webhook struct {
	EnclosureSerialNumber   string
	EventCode               string       // see EventName
	EventName               string       // what the unit's owner calls the trigger
	ValueExceedingThreshold power.Number // in the event's own unit, see EventUnit

	Inlets  []Inlet
	Banks   []Bank
	Outlets []Outlet
	Sensors []Sensor
}

// DecodeWebhook reads the body of a post. The error is about a body that is no
// web hook of a SynLink, or one of which a part is of another kind; the other
// parts are read all the same.
func DecodeWebhook(data []byte) (Webhook, error) {
	var body struct {
		EnclosureSerialNumber   lenient.Text          `json:"enclosureSerialNumber"`
		EventCode               lenient.Text          `json:"eventCode"`
		EventName               lenient.Text          `json:"eventName"`
		ValueExceedingThreshold power.Number          `json:"valueExceedingThreshold"`
		Inlets                  *lenient.List[Inlet]  `json:"inlets"`
		Banks                   *lenient.List[Bank]   `json:"banks"`
		Outlets                 *lenient.List[Outlet] `json:"outlets"`
		Sensors                 *lenient.List[Sensor] `json:"sensors"`
	}
	err := lenient.Decode(data, &body)
	hook := Webhook{
		EnclosureSerialNumber:   body.EnclosureSerialNumber.String(),
		EventCode:               body.EventCode.String(),
		EventName:               body.EventName.String(),
		ValueExceedingThreshold: body.ValueExceedingThreshold,
		Inlets:                  listed(body.Inlets),
		Banks:                   listed(body.Banks),
		Outlets:                 listed(body.Outlets),
		Sensors:                 listed(body.Sensors),
	}
	if err == nil && hook.EnclosureSerialNumber == "" && hook.EventCode == "" {
		err = errors.New("the body is no web hook of a SynLink: it has neither enclosureSerialNumber nor eventCode")
	}
	return hook, err
}

// Event is what the post says of its event. How many there were, and when, is
// for the receiver to add.
func (w Webhook) Event() power.Event {
	return power.Event{
		Code:      w.EventCode,
		Event:     EventName(w.EventCode),
		LastValue: eventValue(w.EventCode, w.ValueExceedingThreshold),
	}
}
