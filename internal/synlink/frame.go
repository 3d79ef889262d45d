package synlink

import (
	"errors"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Frame is the WebSocket Data Stream Object, which a unit sends every 2 s: what
// it reads at the moment, and little of what it is. A list is nil where the
// frame has none, as where outlets cannot be measured, no sensor is connected,
// or the user's role may not see them.
type Frame struct {
	Uptime  power.Number // seconds
	Inlets  []Inlet
	Banks   []Bank
	Outlets []Outlet
	Sensors []Sensor // without ids
}

// DecodeFrame reads one message of the stream. The error is about a message
// that is no frame, or one of which a part is of another kind; the other parts
// are read all the same.
func DecodeFrame(data []byte) (Frame, error) {
	var message struct {
		Device struct {
			Uptime power.Number `json:"uptime"`
		} `json:"device"`
		Inlets  *lenient.List[Inlet]  `json:"inlets"`
		Banks   *lenient.List[Bank]   `json:"banks"`
		Outlets *lenient.List[Outlet] `json:"outlets"`
		Sensors *lenient.List[Sensor] `json:"sensors"`
	}
	err := lenient.Decode(data, &message)
	frame := Frame{
		Uptime:  message.Device.Uptime,
		Inlets:  listed(message.Inlets),
		Banks:   listed(message.Banks),
		Outlets: listed(message.Outlets),
		Sensors: listed(message.Sensors),
	}
	if err == nil && frame.empty() {
		err = errors.New("the message is no frame: it has no device, inlets, banks, outlets or sensors")
	}
	return frame, err
}

// empty reports whether the frame has nothing.
func (f Frame) empty() bool {
	return !f.Uptime.Present() && f.Inlets == nil && f.Banks == nil && f.Outlets == nil && f.Sensors == nil
}
