package synlink

import (
	"cmp"
	"slices"

	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Readings is what is known of a unit at one time. A part that was not read is
// nil: left out by the configuration, refused to the user's role, or failed. A
// list that is empty was read, and there is nothing of the kind.
//
// The methods change no list or object that a Readings or a Frame points to, so
// that copies may share them.
type Readings struct {
	// Host is the device's id where the unit has not said who it is.
	Host string
	// Known is an earlier Info of the same unit, or nil: it says who the unit
	// is while it does not say so itself.
	Known *Info

	Info        *Info
	Inlets      []Inlet
	Banks       []Bank
	Outlets     []Outlet
	Groups      []Group
	Sensors     []Sensor
	Events      []Event
	Conf        *Conf
	Diagnostics *Diagnostics
}

// Apply brings the readings up to date by a frame of the unit's stream. A part
// that the frame has replaces the one that was read: readings are the frame's
// alone, since older ones must not pass for them, and what a thing is (its
// name, its circuit, its firmware) stays as it was read. Parts that the frame
// does not have stay as they are; whoever keeps them decides how long.
func (r *Readings) Apply(f Frame) {
	if f.Uptime.Present() {
		var info Info
		if r.Info != nil {
			info = *r.Info
		}
		info.Uptime = f.Uptime
		r.Info = &info
	}
	if f.Inlets != nil {
		r.Inlets = described(f.Inlets, r.Inlets)
	}
	if f.Outlets != nil {
		r.Outlets = withVoltage(described(f.Outlets, r.Outlets), r.Outlets, f.Banks)
	}
	if f.Banks != nil {
		r.Banks = described(f.Banks, r.Banks)
	}
	if f.Sensors != nil {
		r.Sensors = described(f.Sensors, r.Sensors)
	}
}

// ApplyWebhook brings the readings up to date by a post of the unit: the parts
// it has replace those that were there. Its objects are whole.
func (r *Readings) ApplyWebhook(w Webhook) {
	var info Info
	if r.Info != nil {
		info = *r.Info
	}
	info.EnclosureSerialNumber = cmp.Or(lenient.Text(w.EnclosureSerialNumber), info.EnclosureSerialNumber)
	r.Info = &info
	if w.Inlets != nil {
		r.Inlets = w.Inlets
	}
	if w.Banks != nil {
		r.Banks = w.Banks
	}
	if w.Outlets != nil {
		r.Outlets = w.Outlets
	}
	if w.Sensors != nil {
		r.Sensors = w.Sensors
	}
}

// object is what is told apart by a key, both in an answer and in a frame.
type object[T any] interface {
	key() string
	describedBy(answer T) T
}

// described is the objects of a frame, each with what an answer said it is. Of
// several with one key each takes its own, in their order.
func described[T object[T]](frame, answered []T) []T {
	known := make(map[string][]T, len(answered))
	for _, answer := range answered {
		known[answer.key()] = append(known[answer.key()], answer)
	}
	updated := slices.Clone(frame)
	for i, now := range frame {
		if answers := known[now.key()]; len(answers) > 0 {
			updated[i] = now.describedBy(answers[0])
			known[now.key()] = answers[1:]
		}
	}
	return updated
}

// withVoltage gives an outlet whose answer had a circuitVoltage the frame's
// reading of the same: by the document it is the voltage of the outlet's bank,
// and a frame has it there only.
func withVoltage(outlets, answered []Outlet, banks []Bank) []Outlet {
	voltages := make(map[string]power.Number, len(banks))
	for _, bank := range banks {
		voltages[bank.key()] = bank.VoltageRms
	}
	had := make(map[string]bool, len(answered))
	for _, answer := range answered {
		had[answer.key()] = answer.CircuitVoltage.Present()
	}
	for i := range outlets {
		if o := &outlets[i]; !o.CircuitVoltage.Present() && had[o.key()] {
			o.CircuitVoltage = voltages[o.BankID.String()]
		}
	}
	return outlets
}
