package power

// Event is all that is known of one kind of event record a device has sent.
type Event struct {
	Code  string // the vendor's code
	Event string // the code's name in the vendor's table

	Total     Value // records received, a counter
	Last      Value // when the newest was received, seconds since the epoch
	LastValue Value // the reading the newest one carried, in the event's own unit
}

// Alarm is a trigger configured in the device.
type Alarm struct {
	ID     string
	Name   string
	Code   string // the vendor's code of the event it watches for
	Active Value  // 1 while the trigger's condition holds
}

// NativeReading is a number for which the schema has no family, in the
// device's own unit.
type NativeReading struct {
	Point string // the part of the device it belongs to, such as "input"
	ID    string // which of those parts
	Name  string // the device's own name for the reading
	Value Value
}
