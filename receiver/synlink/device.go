package synlink

import (
	"fmt"

	"power_exporter/internal/synlink"
	"power_exporter/power"
	"power_exporter/receiver"
)

// maxPoints is how many points a unit may have, ten times what one with 54
// outlets has. It bounds the memory and the series that whoever knows a token
// can take.
const maxPoints = 1024

// device maps the state of a unit; see [receiver.Kind].
func device(state []byte) (power.Device, error) {
	var readings synlink.Readings
	if len(state) > 0 {
		hook, err := synlink.DecodeWebhook(state)
		if err != nil {
			return power.Device{}, fmt.Errorf("decoding the state: %w", err)
		}
		readings.ApplyWebhook(hook)
	}
	d := readings.Device()
	if n := points(&d); n > maxPoints {
		return power.Device{}, fmt.Errorf("%w: it has %d inlets, banks, outlets and the like, more than %d", receiver.ErrTooLarge, n, maxPoints)
	}
	return d, nil
}

// points counts what a unit has.
func points(d *power.Device) int {
	n := len(d.Inlets) + len(d.Circuits) + len(d.Outlets) + len(d.Sensors)
	for _, i := range d.Inlets {
		n += len(i.Lines)
	}
	for _, s := range d.Sensors {
		n += len(s.Relays) + len(s.Inputs)
	}
	return n
}
