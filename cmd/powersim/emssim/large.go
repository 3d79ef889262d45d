package emssim

import "fmt"

// largeTime is the time of the values of a model that has none of its own, in
// milliseconds since 1970.
const largeTime = 1790000000000

// Large is a model of so many signals, for load runs and for paging: meters that
// alternate between tcp and rtu, each with one load that has a signal of each of
// Quantities; the last may have fewer.
func Large(signals int) Model {
	m := Model{Name: "large", SerialNumber: "BX10000000", MAC: "00:00:5E:00:53:03", Fresh: true}
	return m.Enlarge(signals)
}

// Enlarge is the model with so many signals more, on meters of their own as
// Large has them. Their uids are above those of the model.
func (m Model) Enlarge(signals int) Model {
	m = m.clone()
	uid := m.last()
	next := func() int {
		uid++
		return uid
	}
	now := m.newest()
	if now == 0 {
		now = largeTime
	}
	quantities := Quantities()
	for meter := 1; signals > 0; meter++ {
		d := Device{UID: next(), Label: fmt.Sprintf("EM%04d", meter), PartNumber: "EM24_E1", System: "3P"}
		l := Load{UID: next(), Label: fmt.Sprintf("Panel %04d", meter), Enable: true, Index: 1, DID: d.UID}
		if meter%2 == 1 {
			l.TCP = &Block{System: 1}
		} else {
			l.RTU = &Block{System: 1}
		}
		m.Devices, m.Loads = append(m.Devices, d), append(m.Loads, l)
		for _, q := range quantities[:min(len(quantities), signals)] {
			s := Signal{UID: next(), SI: q.SI, SIR: q.SI, Enable: true, LID: l.UID, DID: d.UID}
			m.Signals = append(m.Signals, s)
			m.Realtime = append(m.Realtime, Value{UID: s.UID, SI: q.SI, V: new(q.invent(meter)), T: now, S: 1})
			signals--
		}
	}
	return m
}

// last is the highest uid of the model.
func (m *Model) last() int {
	last := 0
	for _, d := range m.Devices {
		last = max(last, d.UID)
	}
	for _, l := range m.Loads {
		last = max(last, l.UID)
	}
	for _, s := range m.Signals {
		last = max(last, s.UID)
	}
	for _, v := range m.Realtime {
		last = max(last, v.UID)
	}
	return last
}

// invent is the reading of a meter whose three lines draw the same.
func (q Quantity) invent(meter int) float64 {
	const volts, factor = 230.0, 0.95
	amperes := 1 + 0.5*float64(meter%7)
	lines := 3.0
	if q.Line != "" {
		lines = 1
	}
	switch q.Name {
	case "voltage":
		return volts
	case "current":
		return amperes
	case "active_power":
		return round(lines*volts*amperes*factor, 1)
	case "apparent_power":
		return lines * volts * amperes
	case "power_factor":
		return factor
	case "frequency":
		return 50
	case "energy":
		return 100 * float64(meter)
	}
	return 0
}
