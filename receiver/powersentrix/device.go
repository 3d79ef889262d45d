package powersentrix

import (
	"fmt"

	"power_exporter/internal/powersentrix"
	"power_exporter/power"
	"power_exporter/receiver"
)

// maxPoints is how many points and native readings a UPS may have, ten times
// what one with two power supplies has. It bounds the memory and the series that
// whoever knows a companyId can take.
const maxPoints = 1024

// device maps the state of a UPS; see [receiver.Kind].
func (o Options) device(data []byte) (power.Device, error) {
	s, err := parseState(data)
	if err != nil {
		return power.Device{}, err
	}
	d := s.Device("", powersentrix.Options{CurrentUnit: o.CurrentUnit, Native: o.Native})
	if n := points(&d); n > maxPoints {
		return power.Device{}, fmt.Errorf("%w: it has %d power supplies, cells, outputs and the like, more than %d", receiver.ErrTooLarge, n, maxPoints)
	}
	return d, nil
}

// points counts what a UPS has.
func points(d *power.Device) int {
	n := len(d.Inlets) + len(d.Outputs) + len(d.Outlets) + len(d.Batteries) + len(d.Sensors) + len(d.Natives)
	for _, b := range d.Batteries {
		n += len(b.Cells)
	}
	return n
}
