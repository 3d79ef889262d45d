package powersentrixsim

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"power_exporter/cmd/powersim/simlive"
)

// How long an output is off when it is restarted, and how long none is.
const (
	restartLength       = 10 * time.Second
	shortRest, longRest = time.Minute, 3 * time.Minute
)

// restart is the output that is off for a moment.
type restart struct {
	change time.Time // when one goes off, or on again
	on     bool      // one is off
	output int
}

// step ends a restart, or begins one of the given outputs, and gives what
// happened.
func (r *restart) step(now time.Time, random *rand.Rand, outputs []int) []kind {
	if r.change.IsZero() {
		r.change = now.Add(simlive.Between(random, shortRest, longRest))
	}
	if now.Before(r.change) || len(outputs) == 0 {
		return nil
	}
	r.on = !r.on
	if !r.on {
		r.change = now.Add(simlive.Between(random, shortRest, longRest))
		return []kind{turned(r.output, true)}
	}
	r.change = now.Add(restartLength)
	r.output = outputs[random.IntN(len(outputs))]
	return []kind{turned(r.output, false)}
}

// off says whether an output is off for a moment.
func (r *restart) off(output int) bool { return r.on && r.output == output }

// switched lists the outputs that are on and that the UPS can switch.
func (d *Data) switched() (outputs []int) {
	if d.UPSData == nil {
		return nil
	}
	for i, on := range d.UPSData.Outputs {
		if on == 1 {
			outputs = append(outputs, i)
		}
	}
	return outputs
}

// showOutputs writes the DC outputs, and their settings alike.
func (l *Live) showOutputs(d *Data) {
	now, base := d.UPSData, l.base.UPSData
	for i := range min(len(now.Voltages), len(base.Voltages)) {
		l.showOutput(i, now.Voltages, base.Voltages, "V", 30*time.Second, 0.002)
	}
	for i := range min(len(now.Currents), len(base.Currents)) {
		l.showOutput(i, now.Currents, base.Currents, "A", 10*time.Second, 0.06)
	}
	for i := range min(len(now.Outputs), len(base.Outputs)) {
		now.Outputs[i] = base.Outputs[i]
		if l.restart.off(i) {
			now.Outputs[i] = 0
		}
	}
	if d.Config == nil || l.base.Config == nil {
		return
	}
	for i := range d.Config.Outputs {
		l.showSetting(&d.Config.Outputs[i], now.Voltages)
	}
}

// showOutput writes a voltage or a current of an output.
func (l *Live) showOutput(i int, now, base []int, unit string, memory time.Duration, by float64) {
	now[i] = scaled(base[i], l.factor(unit+strconv.Itoa(i), memory, by))
	if l.restart.off(i) {
		now[i] = 0
	}
}

// showSetting writes the setting of an output as it was recorded, but for what
// moves.
func (l *Live) showSetting(o *Output, voltages []int) {
	recorded := slices.IndexFunc(l.base.Config.Outputs, func(b Output) bool { return b.ID == o.ID })
	if recorded < 0 {
		return
	}
	o.Status = l.base.Config.Outputs[recorded].Status
	if l.restart.off(o.ID) {
		o.Status = "OFF"
	}
	if o.ID >= 0 && o.ID < len(voltages) {
		o.Voltage = voltages[o.ID]
	}
}
